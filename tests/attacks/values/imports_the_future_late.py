"""Imports from the future in mid-file.

outcome: error
says: can't be loaded: SyntaxError
"""

from __future__ import annotations
