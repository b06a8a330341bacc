"""What several test files share: reference data and other frameworks, skipped with a reason where missing.

With NPMOBILE_NO_SKIP=1 a skipped test is a failed test: continuous integration sets it.
"""

from __future__ import annotations

import importlib
import os
import warnings
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("no reference data: ../shared is not beside the checkout")
    return SHARED


@pytest.fixture(scope="session")
def torch():
    return framework("torch")


@pytest.fixture(scope="session")
def sklearn_datasets():
    return framework("sklearn.datasets", "scikit-learn")


@pytest.fixture(scope="session", name="framework")
def framework_by_name():
    """Import a module by name, or skip: for tests that are parametrised over frameworks."""
    return framework


def framework(module: str, package: str | None = None, extra: str = "frameworks"):
    """Import what an extra brings, or skip the test."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # theirs, not ours
            return importlib.import_module(module)
    except ImportError:
        pytest.skip(f"{package or module} is not installed (pip install 'npmobile[{extra}]')")


def _no_skip(report) -> None:
    if os.environ.get("NPMOBILE_NO_SKIP") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which NPMOBILE_NO_SKIP forbids: {report.longrepr}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    _no_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    _no_skip(report)
    return report
