"""Keras, for the tests that compare with it."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def keras(framework):
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    framework("tensorflow")
    return framework("keras")
