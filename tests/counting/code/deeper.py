"""Computes with NumPy under another name."""

import numpy as xp


def corner(x):
    table = xp.zeros((2, 2))
    table[0, 0] = x[0]
    return table * table
