"""The commands of grader.py, one file each: options in, the work handed over, an exit code out."""
