"""What several test files share: reference data and other frameworks, skipped with a reason where they are missing.

Two environment variables serve continuous integration: with NPMOBILE_NO_SKIP=1 a skipped test is a failed test, and
NPMOBILE_SKIPPED names a file into which the tests that were skipped are written.
"""

from __future__ import annotations

import importlib
import os
import sys
import warnings
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the checkout: trained files, photographs, the answers of Keras."""
    if not SHARED.is_dir():
        pytest.skip("needs reference data that is not part of the project (trained files, photographs): ../shared")
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


@pytest.fixture(scope="session")
def build():
    """`notebooks/build.py`, which makes the lessons and the labs."""
    for module in ("jupytext", "nbclient", "nbformat", "ipykernel"):
        pytest.importorskip(module, reason=f"{module} is not installed (pip install 'npmobile[test]')")
    sys.path.insert(0, str(Path(__file__).parents[1] / "notebooks"))
    try:
        import build
    finally:
        sys.path.pop(0)
    return build


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Files that tests share hold no tests, and some of them import what may be missing."""
    return True if collection_path.suffix == ".py" and not collection_path.name.startswith("test_") else None


SLOW_FIXTURES = {"framework", "torch", "sklearn_datasets", "shared", "build"}


def pytest_collection_modifyitems(items) -> None:
    """Every test is `quick` unless it says `slow`, or needs a framework, reference data or a notebook."""
    for item in items:
        if not item.get_closest_marker("slow") and not SLOW_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.quick)


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


def _note(report) -> None:
    if report.skipped and (path := os.environ.get("NPMOBILE_SKIPPED")):
        with open(path, "a", encoding="utf8") as file:
            file.write(f"{report.nodeid}\n")


def pytest_runtest_logreport(report) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:  # the workers' reports come here once more
        _note(report)


def pytest_collectreport(report) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        _note(report)
