"""The wheel of the Korean font, which Pyodide unpacks where matplotlib looks for fonts."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from base64 import urlsafe_b64encode

from tools.website import inputs, wheels


class Given:
    def from_npm(self, name, member):
        assert (name, member) == (inputs.FONT, "src/NanumGothic.ttf")
        return b"the font"


def test_the_font_stands_beside_its_licence_and_the_record_is_right(tmp_path):
    path = wheels.build_font(Given(), tmp_path)
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    folder = "npmobile_korean_font-1.0.data/data/usr/share/fonts/truetype/nanum"
    assert files[f"{folder}/NanumGothic.ttf"] == b"the font"
    assert "SIL OPEN FONT LICENSE" in files[f"{folder}/OFL.txt"].decode()
    record = list(csv.reader(io.StringIO(files["npmobile_korean_font-1.0.dist-info/RECORD"].decode())))
    assert {row[0] for row in record} == set(files)
    for name, digest, size in record:
        if not name.endswith("RECORD"):
            expected = urlsafe_b64encode(hashlib.sha256(files[name]).digest()).decode().rstrip("=")
            assert (digest, int(size)) == (f"sha256={expected}", len(files[name]))


def test_the_same_font_gives_the_same_wheel(tmp_path):
    first = wheels.build_font(Given(), tmp_path).read_bytes()
    assert wheels.build_font(Given(), tmp_path).read_bytes() == first
