"""What exercises are written with: cases, checks, named answers, probes; lines to paste."""
