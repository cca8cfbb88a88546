"""Reads what students hand in: any folder, file or zip, of one or of a class, safely."""
