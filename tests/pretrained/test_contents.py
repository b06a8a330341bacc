"""What readers share: our names for a file's arrays."""

from __future__ import annotations

import re
import sys

import pytest

from npmobile.pretrained import contents
from npmobile.pretrained.contents import Names, by_our_names

OURS = {"stem": "conv1/kernel", "body.stem": "conv1/kernel", "body.gamma": "conv1/gamma"}.get


def test_known_and_unknown_names_are_told_apart():
    assert by_our_names(["body.gamma", "x", "stem", "y"], OURS) == Names(
        {"conv1/gamma": "body.gamma", "conv1/kernel": "stem"}, ("x", "y"), ""
    )


def test_two_arrays_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"it holds conv1/kernel twice, as 'stem' and as 'body\.stem'"):
        by_our_names(["stem", "body.gamma", "body.stem"], OURS)


@pytest.mark.parametrize(
    ("name", "inside"), [("net/stem", "net"), ("a.b/c/stem", "a.b/c"), ("net.body.gamma", "net"), ("stem/stems", "")]
)
def test_a_network_inside_another_is_noticed(name, inside):
    assert by_our_names(["head", name], OURS) == Names({}, ("head", name), inside)


def test_a_missing_library_is_named_with_its_extra():
    with pytest.raises(ImportError, match=re.escape('w.h5 needs no_such: pip install "npmobile[pretrained]"')):
        contents.needs("no_such", "w.h5")
    assert contents.needs("re", "w.h5") is re


def test_in_a_browser_a_missing_library_is_named_with_what_works_there(monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(ImportError, match=re.escape("w.h5 needs no_such: run %pip install no_such first")):
        contents.needs("no_such", "w.h5")
