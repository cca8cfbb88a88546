"""Is right, and prints a hundred thousand empty lines.

outcome: passed
says:
"""

print("\n" * 100_000)
