"""A static site of the whole class: `python -m tools.website OUT`."""
