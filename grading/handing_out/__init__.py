"""Makes what is handed out, and proves that no answer goes out with it."""
