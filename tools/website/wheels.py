"""Two wheels that the site adds to Pyodide: npmobile itself, and a Korean font for its figures."""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
import zipfile
from base64 import urlsafe_b64encode
from pathlib import Path

from .inputs import FONT, HERE, Inputs, run

FONT_WHEEL = "npmobile_korean_font-1.0-py3-none-any.whl"
# Pyodide copies this folder of a wheel to "/"; matplotlib looks for fonts in /usr/share/fonts.
FONT_FOLDER = "npmobile_korean_font-1.0.data/data/usr/share/fonts/truetype/nanum"
METADATA = "Metadata-Version: 2.1\nName: npmobile-korean-font\nVersion: 1.0\nLicense: OFL-1.1\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: npmobile\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def build_npmobile(root: Path, folder: Path) -> Path:
    """Build the wheel of the checkout in `root`, from a copy: an old `build` folder there may hold deleted files."""
    with tempfile.TemporaryDirectory() as temporary:
        copy = Path(temporary) / "npmobile"
        shutil.copytree(root / "npmobile", copy / "npmobile", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(root / name, copy)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        run([*command, "--wheel-dir", temporary, str(copy)])
        (wheel,) = Path(temporary).glob("npmobile-*.whl")
        target = folder / wheel.name
        target.write_bytes(wheel.read_bytes())
    return target


def build_font(inputs: Inputs, folder: Path) -> Path:
    """Build a wheel with NanumGothic and its licence, which Pyodide unpacks where matplotlib finds it."""
    files = {
        f"{FONT_FOLDER}/NanumGothic.ttf": inputs.from_npm(FONT, "src/NanumGothic.ttf"),
        f"{FONT_FOLDER}/OFL.txt": (HERE / "templates" / "OFL.txt").read_bytes(),
    }
    return write_wheel(folder / FONT_WHEEL, files)


def write_wheel(path: Path, files: dict[str, bytes]) -> Path:
    """Write a wheel. The same files give the same bytes."""
    info = "-".join(path.name.split("-")[:2]) + ".dist-info"
    files = files | {f"{info}/METADATA": METADATA.encode(), f"{info}/WHEEL": WHEEL.encode()}
    record = "".join(f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def _digest(data: bytes) -> str:
    return urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
