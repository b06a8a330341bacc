"""What the site is made of: each file has a hash in the lock, and any other hash stops the build."""

from __future__ import annotations

import hashlib
import io
import re
import tarfile

import pytest

from tools.website import inputs

SHA = hashlib.sha256(b"whole").hexdigest()
LOCK = {
    "npm": {"a-1.0.tgz": {"package": "a@1.0", "sha256": SHA}},
    "pypi": {"b-2.0-py3-none-any.whl": {"package": "b==2.0", "sha256": SHA}},
}


def test_every_file_of_the_lock_names_its_package_and_release():
    lock = inputs.read_lock()
    assert {inputs.PYODIDE, inputs.KATEX, inputs.FONT} == set(lock["npm"])
    assert inputs.WASM_WHEELS in lock["pypi"] and len(lock["pypi"]) > 10
    for name, entry in {**lock["npm"], **lock["pypi"]}.items():
        assert re.fullmatch("[0-9a-f]{64}", entry["sha256"])
        package, release = re.fullmatch(r"@?([\w./-]+?)(?:@|==)([\w.]+)", entry["package"]).groups()
        assert name.replace("_", "-").startswith(f"{package.replace('/', '-')}-{release}")


def test_a_file_in_the_cache_is_not_downloaded_again(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "run", lambda command: pytest.fail("nothing may be downloaded"))
    (tmp_path / "a-1.0.tgz").write_bytes(b"whole")
    assert inputs.Inputs(tmp_path, LOCK).get("a-1.0.tgz") == tmp_path / "a-1.0.tgz"


@pytest.mark.parametrize("name", ["a-1.0.tgz", "b-2.0-py3-none-any.whl"])
def test_another_hash_stops_the_build(tmp_path, monkeypatch, name):
    (tmp_path / name).write_bytes(b"changed")
    changed = hashlib.sha256(b"changed").hexdigest()
    with pytest.raises(ValueError, match=f"{re.escape(name)}: its SHA-256 must be {SHA}, but is {changed}"):
        inputs.Inputs(tmp_path, LOCK).get(name)


@pytest.mark.parametrize(("content", "kept"), [(b"whole", ["a-1.0.tgz"]), (b"changed", [])])
def test_only_a_whole_download_stays_in_the_cache(tmp_path, monkeypatch, content, kept):
    asked = []

    def download(command):
        asked.append(command)
        (tmp_path / command[-2] / "a-1.0.tgz").write_bytes(content)

    monkeypatch.setattr(inputs, "run", download)
    monkeypatch.setattr(inputs.shutil, "which", lambda program: program)
    if kept:
        assert inputs.Inputs(tmp_path, LOCK).get("a-1.0.tgz").read_bytes() == b"whole"
    else:
        with pytest.raises(ValueError, match="SHA-256"):
            inputs.Inputs(tmp_path, LOCK).get("a-1.0.tgz")
    assert (len(asked), asked[0][-1]) == (1, "a@1.0")
    assert [path.name for path in tmp_path.iterdir()] == kept


def test_without_npm_the_message_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs.shutil, "which", lambda program: None)
    with pytest.raises(FileNotFoundError, match="npm was not found: install Node"):
        inputs.Inputs(tmp_path, LOCK).get("a-1.0.tgz")


def test_a_command_that_fails_shows_what_it_said():
    with pytest.raises(RuntimeError, match=r"(?s)no such thing.*reason"):
        inputs.run([inputs.sys.executable, "-c", "import sys; sys.exit('reason')", "no such thing"])


def test_a_member_of_an_archive_from_npm(tmp_path):
    with tarfile.open(tmp_path / "a-1.0.tgz", "w:gz") as archive:
        info = tarfile.TarInfo("package/dist/x.js")
        info.size = 3
        archive.addfile(info, io.BytesIO(b"abc"))
    sha = hashlib.sha256((tmp_path / "a-1.0.tgz").read_bytes()).hexdigest()
    found = inputs.Inputs(tmp_path, {"npm": {"a-1.0.tgz": {"package": "a@1.0", "sha256": sha}}, "pypi": {}})
    assert found.from_npm("a-1.0.tgz", "dist/x.js") == b"abc"
    assert found.npm_names("a-1.0.tgz") == ["dist/x.js"]
