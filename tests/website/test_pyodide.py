"""The lock of Pyodide, rewritten: what is kept, where it comes from, which hash it must have."""

from __future__ import annotations

import copy
import hashlib

import pytest

from tools.website import lite, pyodide


def package(name, depends=(), sha256="0" * 64):
    return {"name": name, "file_name": f"{name}-1.0-py3-none-any.whl", "sha256": sha256, "depends": list(depends)}


NAMES = ["numpy", "matplotlib", "pillow", "micropip", "ipython", "jedi", "prompt-toolkit", "wcwidth", "h5py"]
LOCK = {"info": {"python": "3.14.0"}, "packages": {name: package(name) for name in NAMES}}
LOCK["packages"]["ipython"]["depends"] = ["prompt_toolkit"]  # the lock writes dependencies with underscores too
LOCK["packages"]["prompt-toolkit"]["depends"] = ["wcwidth"]
OWN = {"npmobile": package("npmobile", ["numpy"])}


def test_offline_only_what_is_wanted_and_what_it_needs_is_kept():
    lock = pyodide.offline_lock(LOCK, OWN, {})
    assert set(lock["packages"]) == {*NAMES, "npmobile"} - {"h5py"}
    assert lock["info"] == LOCK["info"]


def test_a_wheel_from_pypi_has_the_hash_of_our_lock_and_all_others_that_of_pyodides():
    before = copy.deepcopy(LOCK)
    lock = pyodide.offline_lock(LOCK, OWN, {"jedi-1.0-py3-none-any.whl": "1" * 64})
    assert lock["packages"]["jedi"]["sha256"] == "1" * 64
    assert {entry["sha256"] for name, entry in lock["packages"].items() if name != "jedi"} == {"0" * 64}
    assert before == LOCK, "the lock that was given must not change"


def test_a_package_that_is_missing_stops_the_build():
    broken = {"packages": {**LOCK["packages"], "jedi": package("jedi", ["parso"])}}
    with pytest.raises(ValueError, match="the lock of Pyodide has no package parso"):
        pyodide.offline_lock(broken, OWN, {})


def test_the_lock_for_the_cdn_names_pinned_addresses_and_our_wheels_beside_it():
    lock = pyodide.cdn_lock(LOCK, OWN)
    assert lock["packages"].pop("npmobile")["file_name"] == "npmobile-1.0-py3-none-any.whl"
    for name, entry in lock["packages"].items():
        address = f"https://cdn.jsdelivr.net/pyodide/v314.0.3/full/{name}-1.0-py3-none-any.whl"
        assert entry == LOCK["packages"][name] | {"file_name": address}


def test_a_file_of_another_hash_stops_the_build(tmp_path):
    (tmp_path / "a-1.0-py3-none-any.whl").write_bytes(b"a")
    right = {"packages": {"a": package("a", sha256=hashlib.sha256(b"a").hexdigest())}}
    pyodide.check_folder(tmp_path, right)
    with pytest.raises(ValueError, match=r"any\.whl: its SHA-256 must be 0000"):
        pyodide.check_folder(tmp_path, {"packages": {"a": package("a")}})


def test_the_entry_of_a_wheel_of_ours(tmp_path):
    wheel = tmp_path / "npmobile_korean_font-1.0-py3-none-any.whl"
    wheel.write_bytes(b"font")
    entry = pyodide.own_entry(wheel, [], [])
    assert (entry["name"], entry["version"]) == ("npmobile-korean-font", "1.0")
    assert entry["sha256"] == hashlib.sha256(b"font").hexdigest()


@pytest.mark.parametrize("offline", [True, False])
def test_jupyterlite_gets_pyodide_from_the_folder_or_from_its_pinned_cdn(offline):
    config = lite.settings(offline)["jupyter-config-data"]["litePluginSettings"][lite.KERNEL]
    cdn = "https://cdn.jsdelivr.net/pyodide/v314.0.3/full/pyodide.mjs"
    assert config["pyodideUrl"] == ("./static/pyodide/pyodide.mjs" if offline else cdn)
    assert config["loadPyodideOptions"]["lockFileURL"] == "./static/pyodide/pyodide-lock.json"
    assert config["loadPyodideOptions"]["packages"][0] == "npmobile"
    assert config["disablePyPIFallback"] is offline
    assert ("https" in str(config)) is not offline
