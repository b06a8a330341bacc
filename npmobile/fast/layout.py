"""Where the numbers of a picture stand in memory, and what a window finds of them without a copy.

    a room       Pictures stand row after row, with zeros above and below, and none at the sides: there a window
                 reaches into the row before or after, and `outside` says which windows do and how far.
    hands        At stride s the columns are dealt out to s hands, like cards, and each hand is such a room.
                 There every s-th pixel is a neighbour.
    windows      A view on a room, of whole rows of windows (`row_windows`) or of runs that can be copied as one
                 (`run_windows`). NumPy refuses a view that would leave the memory.

`fast` computes with it. Nothing here multiplies, and nothing checks: that is done by then.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

Place = tuple[np.ndarray, slice]  # where to put pictures, and which of their columns go there


def margins(size: int, D_K: int, stride: int, padding: str) -> tuple[int, int]:
    """Zeros before and after an axis of `size`.

    >>> margins(224, 3, 2, "same"), margins(224, 3, 2, "symmetric"), margins(224, 3, 2, "valid")
    ((0, 1), (1, 1), (0, 0))
    """
    if padding != "same":
        zeros = D_K // 2 if padding == "symmetric" else 0
        return zeros, zeros
    zeros = max(D_K - (size % stride or stride), 0)  # what the last of ceil(size / stride) windows lacks
    return zeros // 2, zeros - zeros // 2


def outputs(size: int, D_K: int, stride: int, padding: str) -> int:
    """How many windows an axis of `size` has: the H' and W' of the output."""
    return (size + sum(margins(size, D_K, stride, padding)) - D_K) // stride + 1


def outside(W: int, D_K: int, stride: int, padding: str) -> list[tuple[int, slice]]:
    """Which windows reach over the sides of a picture of W columns, each with the columns of the kernel that do.

    >>> outside(4, D_K=3, stride=1, padding="same")  # of four windows the first and the last, by one column
    [(0, slice(0, 1, None)), (3, slice(2, 3, None))]
    """
    left, _ = margins(W, D_K, stride, padding)
    reaching = []
    for l in range(outputs(W, D_K, stride, padding)):
        first = stride * l - left  # where in the picture the window begins
        if first < 0:
            reaching.append((l, slice(0, -first)))
        if first + D_K > W:
            reaching.append((l, slice(W - first, D_K)))
    return reaching


def deal(W: int, D_K: int, stride: int, padding: str, hands: int) -> list[tuple[int, slice, int]]:
    """Deal out the columns of a picture to so many hands, like cards: what goes to each, and what it lacks.

    The margin on the left is dealt out too, though nothing stands there. For each hand: how many cards the first
    window lacks, which columns of the picture it holds, and how many cards the last window lacks.

    >>> deal(5, D_K=3, stride=2, padding="same", hands=2)  # 0 1 2 3 4 5 0 is dealt out as 0 2 4 0 and 1 3 5
    [(1, slice(1, None, 2), 1), (0, slice(0, None, 2), 0)]
    """
    left, _ = margins(W, D_K, stride, padding)
    last = stride // hands * (outputs(W, D_K, stride, padding) - 1)  # where in the hand the last window begins
    dealt = []
    for hand in range(hands):
        before = -((hand - left) // hands)
        columns = slice(before * hands + hand - left, None, hands)
        have, taps = before + len(range(W)[columns]), len(range(hand, D_K, hands))
        dealt.append((before, columns, max(last + taps - have, 0)))
    return dealt


class Hand(NamedTuple):
    """Some columns of pictures in one run of memory: row after row, and zeros for what windows reach over the edges."""

    memory: np.ndarray  # (B, numbers)
    place: np.ndarray  # (B, H, cards, M): where in it the columns go
    columns: slice  # which ones
    edges: list[np.ndarray]  # what is to be zero


def room_size(shape: tuple[int, ...], D_K: int, stride: int, padding: str, hands: int) -> int:
    """How many numbers `room` needs."""
    B, H, W, M = shape
    rows = H + sum(margins(H, D_K, stride, padding))
    dealt = deal(W, D_K, stride, padding, hands)
    return B * M * sum(before + rows * len(range(W)[columns]) + after for before, columns, after in dealt)


def room(memory: np.ndarray, shape: tuple[int, ...], D_K: int, stride: int, padding: str, hands: int) -> list[Hand]:
    """Lay out memory for pictures of a shape, (B, H, W, M), with their columns dealt out.

    >>> x, how = np.arange(1.0, 7.0).reshape(1, 2, 3, 1), dict(D_K=3, stride=1, padding="same", hands=1)
    >>> zeros = np.zeros(room_size(x.shape, **how))
    >>> put(x, room(zeros, x.shape, **how))
    >>> zeros  # one card before, a row above, the picture, a row below, one card after
    array([0., 0., 0., 0., 1., 2., 3., 4., 5., 6., 0., 0., 0., 0.])
    """
    B, H, W, M = shape
    above, below = margins(H, D_K, stride, padding)
    laid, start = [], 0
    for before, columns, after in deal(W, D_K, stride, padding, hands):
        cards = len(range(W)[columns])
        top = (before + above * cards) * M
        bottom = top + H * cards * M
        end = bottom + (below * cards + after) * M
        numbers = memory[start : start + B * end].reshape(B, end)
        edges = [edge for edge in (numbers[:, :top], numbers[:, bottom:]) if edge.size]
        laid.append(Hand(numbers, numbers[:, top:bottom].reshape(B, H, cards, M), columns, edges))
        start += B * end
    return laid


def put(x: np.ndarray, hands: list[Hand]) -> None:
    """Put pictures, (B, H, W, M), in their places."""
    for hand in hands:
        hand.place[...] = x[:, :, hand.columns]


def surround(x: np.ndarray, D_K: int, stride: int, padding: str, hands: int) -> list[Hand]:
    """Copy pictures between zeros."""
    how = x.shape, D_K, stride, padding, hands
    laid = room(np.empty(room_size(*how), x.dtype), *how)
    for hand in laid:
        for edge in hand.edges:
            edge.fill(0)
    put(x, laid)
    return laid


def run_windows(hand: Hand, D_K: int, stride: int, rows: int, cols: int) -> np.ndarray:
    """View each window of pictures as D_K runs of D_K * M numbers, each run one item: (B, H', W', D_K).

    >>> (hand,) = surround(np.arange(9.0).reshape(1, 3, 3, 1), D_K=2, stride=1, padding="valid", hands=1)
    >>> window = run_windows(hand, D_K=2, stride=1, rows=2, cols=2)[0, 1, 1]  # at the bottom right
    >>> [np.frombuffer(run).tolist() for run in window]
    [[4.0, 5.0], [7.0, 8.0]]
    """
    B, _, W, M = hand.place.shape
    pixel = M * hand.memory.itemsize
    run = np.dtype((np.void, D_K * pixel))
    strides = (hand.memory.strides[0], stride * W * pixel, stride * pixel, W * pixel)
    return np.ndarray((B, rows, cols, D_K), run, buffer=hand.memory, strides=strides)


def row_windows(hands: list[Hand], D_K: int, rows: int, cols: int) -> list[np.ndarray]:
    """View the windows of pictures in as many hands as the stride, rows joined: (B, H', D_K, taps, W' * M) for each.

    The numbers that meet element (i, j) of the kernel, for a whole row of windows, are one run:

    >>> hands = surround(np.arange(9.0).reshape(1, 3, 3, 1), D_K=2, stride=1, padding="valid", hands=1)
    >>> (windows,) = row_windows(hands, D_K=2, rows=2, cols=2)
    >>> windows[0, 0, 1, 1].tolist()  # the lower right of both windows in row 0
    [4.0, 5.0]
    """
    stride, windows = len(hands), []
    for first, hand in enumerate(hands[:D_K]):
        B, _, cards, M = hand.place.shape
        number = hand.memory.itemsize
        shape = (B, rows, D_K, len(range(first, D_K, stride)), cols * M)
        row, pixel = cards * M * number, M * number
        strides = (hand.memory.strides[0], stride * row, row, pixel, number)
        windows.append(np.ndarray(shape, hand.memory.dtype, buffer=hand.memory, strides=strides))
    return windows
