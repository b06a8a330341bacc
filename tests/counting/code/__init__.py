"""A small package that a user may have written, to be counted."""
