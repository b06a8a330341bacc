"""Both variants of the built site, read as text: what is in the folder, and what a browser will ask for."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from tools.website import __main__

from .conftest import build

pytestmark = pytest.mark.slow
CDN = "https://cdn.jsdelivr.net/pyodide/v314.0.3/full/"


@pytest.fixture(scope="module")
def cdn(framework, tmp_path_factory):
    """The site that gets Pyodide from its public CDN."""
    return build(framework, tmp_path_factory.mktemp("cdn"), offline=False)


def lock_of(folder):
    return json.loads((folder / "lite/static/pyodide/pyodide-lock.json").read_text(encoding="utf8"))["packages"]


def settings_of(folder):
    config = json.loads((folder / "lite/jupyter-lite.json").read_text(encoding="utf8"))["jupyter-config-data"]
    return config["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_cdn_is_pinned_and_only_our_own_wheels_are_in_the_folder(cdn):
    packages, folder = lock_of(cdn), cdn / "lite/static/pyodide"
    assert settings_of(cdn)["pyodideUrl"] == f"{CDN}pyodide.mjs"
    ours = {name for name, package in packages.items() if not package["file_name"].startswith(CDN)}
    assert ours == {"npmobile", "npmobile-korean-font", "comm"}
    assert {"numpy", "matplotlib", "h5py", "safetensors"} <= set(packages)
    assert {path.name for path in folder.iterdir()} == {packages[name]["file_name"] for name in ours} | {
        "pyodide-lock.json"
    }
    for name in ours:
        assert sha256(folder / packages[name]["file_name"]) == packages[name]["sha256"]


def test_offline_every_package_is_in_the_folder_with_its_hash(built):
    packages, folder = lock_of(built), built / "lite/static/pyodide"
    assert settings_of(built)["pyodideUrl"] == "./static/pyodide/pyodide.mjs"
    assert {"npmobile", "numpy", "matplotlib", "pillow", "ipython", "comm"} <= set(packages)
    assert not {"h5py", "safetensors"} & set(packages)
    for package in packages.values():
        assert sha256(folder / package["file_name"]) == package["sha256"]
        assert {name.replace("_", "-") for name in package["depends"]} <= set(packages)


@pytest.mark.parametrize("variant", ["built", "cdn"])
def test_no_page_and_no_style_asks_for_anything_elsewhere(request, variant):
    folder = request.getfixturevalue(variant)
    pages = [path for path in (*folder.rglob("*.html"), *folder.rglob("*.css")) if "lite" not in path.parts]
    assert len(pages) > 40
    for path in pages:
        text = path.read_text(encoding="utf8")
        asked = re.findall(
            r"""(?:<(?:script|img|iframe|link)\b[^>]*(?:src|href)=|url\(|@import )["']?(https?:[^"'\s)>]+)""", text
        )
        assert asked == [], path.name


def test_lessons_and_labs_are_in_jupyterlite(built):
    root = {path.relative_to(built / "lite/files").as_posix() for path in (built / "lite/files").rglob("*.ipynb")}
    assert "en/01_a_convolution_by_hand.ipynb" in root and "ko/09_eight_bits.ipynb" in root
    assert json.loads((built / "lite/api/resolvePath").read_text(encoding="utf8")) == {"resolved": []}


@pytest.mark.parametrize(("name", "kind"), [("a.mjs", "text/javascript"), ("a.wasm", "application/wasm"), ("a.html", "text/html")])  # fmt: skip
def test_the_server_for_a_usb_stick_sends_files_as_what_they_are(tmp_path, name, kind):
    shutil.copy(Path(__main__.__file__).parent / "templates" / "serve.py", tmp_path)
    (tmp_path / name).write_bytes(b"content")
    process = subprocess.Popen([sys.executable, "serve.py", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    try:
        address = re.search(r"http://127.0.0.1:\d+/", process.stdout.readline())[0]
        with urlopen(address + name, timeout=30) as answer:
            assert (answer.headers.get_content_type(), answer.read()) == (kind, b"content")
    finally:
        process.kill()
        process.communicate()


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setattr(__main__, "NEEDED", ())
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf8")
    with pytest.raises(FileExistsError, match="is not empty and holds no site: choose another folder"):
        __main__.build(tmp_path, tmp_path, offline=True)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_what_is_not_installed_is_named_before_anything_is_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(__main__, "NEEDED", ("json", "no_such_library"))
    with pytest.raises(SystemExit, match=r"no_such_library not installed: run pip install '\.\[site\]' first"):
        __main__.main([str(tmp_path / "site")])
    assert not (tmp_path / "site").exists()
