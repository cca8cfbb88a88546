"""One exercise of one submission at work: its worker, the calls to it, and what they may cost."""
