"""Inputs that are the same in every run of a test: a check that fails can be repeated."""

from __future__ import annotations

import itertools
import zlib

import pytest

from npmobile.exercises import checking


@pytest.fixture(autouse=True)
def repeatable(request, monkeypatch):
    """Seeds that differ from test to test and from check to check, and are those of the last run."""
    seeds = itertools.count(zlib.crc32(request.node.nodeid.encode()) % 1_000_000)
    monkeypatch.setattr(checking, "new_seed", lambda: next(seeds))
