"""Grades a file again whenever it is saved, and says what that changed."""
