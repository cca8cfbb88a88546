"""Grades a class of strangers: what is new, by any executor; keeps results; finds what is alike."""
