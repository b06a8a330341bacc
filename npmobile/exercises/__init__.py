"""Checks for a student's own functions: their values, the mult-adds that they execute, the likely mistake.

One call for each task, made in a notebook with the function itself, `nm.exercises.depthwise_conv(mine)`. What it returns, a
`Report`, displays there and prints as text, in English or Korean (`language.use`). Reading order:

words, korean   sentences in two languages
report          what a check found out
limits          stop a function that does not end; see whether it calls npmobile
running         run a function once
signatures      what a function must take and may leave out
task, answers   what a task is, and what a function returned
checking        the check itself
executed        what a function multiplies, and what it should
factors         why it multiplies more
windows, misreadings, convolutions   the tasks with windows: their cases, their mistakes
formulas, folding, networks, eight_bits   the other tasks
"""

from .report import Report
from .tasks import (
    depthwise_conv,
    fold,
    forward,
    im2col,
    integer_depthwise_conv,
    mobilenet,
    mult_adds,
    output_side,
    parameters,
    peak_memory,
    pointwise_conv,
    quantise,
    requantise,
    separable_conv,
    separable_ratio,
    standard_conv,
)

__all__ = [
    "Report",
    "depthwise_conv",
    "fold",
    "forward",
    "im2col",
    "integer_depthwise_conv",
    "mobilenet",
    "mult_adds",
    "output_side",
    "parameters",
    "peak_memory",
    "pointwise_conv",
    "quantise",
    "requantise",
    "separable_conv",
    "separable_ratio",
    "standard_conv",
]
