"""Proves the kit itself: each answer that it holds gets the grade that it must get."""
