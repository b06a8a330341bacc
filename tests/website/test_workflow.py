"""The workflow for GitHub, which cannot run here: its text is read."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def workflow(framework):
    yaml = framework("yaml", "pyyaml", "test")
    return yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf8"))


def commands(job):
    return [step["run"] for step in job["steps"] if "run" in step]


def test_tests_run_on_three_systems_with_every_python_that_setup_names(workflow):
    job = workflow["jobs"]["tests"]
    matrix = job["strategy"]["matrix"]
    assert matrix["system"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert matrix["python"] == ["3.10", "3.11", "3.12", "3.13", "3.14"]
    assert job["runs-on"] == "${{ matrix.system }}"
    assert any("pytest" in command for command in commands(job))


def test_every_extra_that_is_installed_exists(workflow):
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf8")
    text = "\n".join(command for job in workflow["jobs"].values() for command in commands(job))
    installed = [name for names in re.findall(r"pip install \"\.\[(.*?)\]\"", text) for name in names.split(",")]
    assert set(installed) == {"test", "dev", "site", "browser"}
    assert set(installed) <= set(config["options.extras_require"])


def test_the_site_is_tried_without_internet_before_it_is_published(workflow):
    jobs = workflow["jobs"]
    site = [step.get("run") or step.get("uses") for step in jobs["site"]["steps"]]
    tried = next(index for index, step in enumerate(site) if "pytest tests/website" in step)
    built = site.index("python -m tools.website _site")
    uploaded = next(index for index, step in enumerate(site) if step.startswith("actions/upload-pages-artifact@"))
    assert tried < built < uploaded
    assert set(jobs["publish"]["needs"]) == {"tests", "lint", "site"}
    assert jobs["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert workflow["permissions"] == {"contents": "read"}


def test_actions_are_those_of_github_with_a_release_and_every_job_ends(workflow):
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"])
