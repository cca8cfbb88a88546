"""What teaching platforms give to download, one module a platform, and which of them it is."""
