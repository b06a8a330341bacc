"""JSON of files: each value is checked where it is asked for."""

from __future__ import annotations

import json
import re

import pytest

from npmobile.pretrained import settings
from npmobile.pretrained.settings import FLAG, OBJECT, OBJECTS, TEXT, Settings, integer, number, numbers

KINDS = {
    "integer": (integer(2, 5), [2, 5], [1, 6, True, 2.0, "3", None, [3], 10**30, -3]),
    "number": (number(), [0, -1.5, 2], [True, "1", None, float("nan"), float("inf"), float("-inf"), [1], 10**400]),
    "number of at least": (number(at_least=0), [0, 0.0, 3], [-1e-9, float("nan")]),
    "number above": (number(above=0), [1e-9, 3], [0, 0.0, -1, float("nan")]),
    "numbers": (numbers(3), [[1, 2.5, -3]], [[1, 2], [1, 2, 3, 4], 1, "123", [1, 2, None], [1, 2, True], None, {}]),
    "numbers above": (numbers(3, above=0), [[1, 2, 3]], [[1, 2, 0], [1, float("nan"), 1]]),
    "flag": (FLAG, [True, False], [0, 1, "true", None, []]),
    "text": (TEXT, ["", "고양이"], [1, None, ["a"], {"a": 1}, True, "\ud800"]),
    "object": (OBJECT, [{}, {"a": 1}], [[], None, "{}", 1]),
    "objects": (OBJECTS, [[], [{}]], [{}, [1], None, "[]", [[]]]),
}


def test_kinds_say_in_words_what_they_take():
    assert [kind.words for kind, _, _ in KINDS.values()] == [
        "an integer from 2 to 5",
        "a finite number",
        "a finite number of at least 0",
        "a finite number above 0",
        "a list of 3 numbers, each a finite number",
        "a list of 3 numbers, each a finite number above 0",
        "true or false",
        "text",
        "a JSON object",
        "a list of JSON objects",
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_takes_its_values_and_names_file_key_and_value_of_others(kind):
    kind, good, bad = KINDS[kind]
    for value in good:
        given = Settings({"key": value}, "c.json").get("key", kind)
        assert given == (tuple(value) if kind.words.startswith("a list of 3") else value)
    for value in bad:
        with pytest.raises(ValueError, match=rf"^c\.json: key must be {re.escape(kind.words)}, but is ") as caught:
            Settings({"key": value}, "c.json").get("key", kind, good[0])
        assert len(str(caught.value)) < 200


def test_a_missing_key_is_its_default_or_refused():
    assert Settings({}, "c.json").get("eps", number(), 0.5) == 0.5
    with pytest.raises(ValueError, match=r"c\.json: eps must be a finite number, but is missing"):
        Settings({}, "c.json").get("eps", number())


def test_an_object_inside_is_named_by_its_keys():
    inner = Settings({"size": {"height": None}}, "c.json").inside("size")
    with pytest.raises(ValueError, match=r"c\.json: size: height must be an integer from 1 to 9, but is None"):
        inner.get("height", integer(1, 9))
    with pytest.raises(ValueError, match=r"c\.json: size must be a JSON object, but is 3"):
        Settings({"size": 3}, "c.json").inside("size")


def test_must_be_tells_what_is_wanted():
    said = Settings({"groups": 2, "bias": True}, "config")
    said.must_be("groups", 1, 2)
    said.must_be("dilation", 1, default=1)
    for key, allowed, words in (
        ("groups", (1,), "groups is 2, and MobileNet v1 has 1"),
        ("bias", (1,), "bias is True, and MobileNet v1 has 1"),
        ("dilation", (1,), "dilation is None, and MobileNet v1 has 1"),
    ):
        with pytest.raises(ValueError, match=f"^config: {words}$"):
            said.must_be(key, *allowed)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "cannot be read as JSON: Expecting value"),
        (b"{", "cannot be read as JSON"),
        (b"\xff\xfe{}", "cannot be read as JSON"),
        (b"\xef\xbb\xbf{}", "cannot be read as JSON"),
        (b"[1, 2]", r"must hold a JSON object, but holds \[1, 2\]"),
        (b"3", "must hold a JSON object, but holds 3"),
        (b'{"a": 1, "b": 2, "a": 1}', "the key 'a' stands in it twice"),
        (b'{"c": {"b": 2, "b": 1}}', "the key 'b' stands in it twice"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "it is nested too deep"),
        (b'{"a": ' + b"9" * 10_000 + b"}", "cannot be read as JSON: Exceeds the limit"),
        (b" " * 4_000_001, "is larger than 4,000,000 bytes"),
    ],
)
def test_what_is_no_json_object_is_refused(tmp_path, text, problem):
    (tmp_path / "c.json").write_bytes(text)
    with pytest.raises(ValueError, match=rf"^c\.json {problem}|^c\.json cannot be read as JSON: {problem}"):
        settings.read(tmp_path / "c.json")


def test_a_file_is_read_and_a_missing_one_is_none(tmp_path):
    assert settings.read(tmp_path / "c.json") is None
    (tmp_path / "c.json").write_text(json.dumps({"label": "고양이"}), encoding="utf8")
    assert settings.read(tmp_path / "c.json") == Settings({"label": "고양이"}, "c.json")


def test_many_keys_of_which_one_stands_twice_take_no_time():
    """Counting each key by itself would take 200,000 x 200,000 steps."""
    keys = [f'"{i}": 0' for i in range(200_000)]
    with pytest.raises(ValueError, match="the key '199999' stands in it twice"):
        settings.parse("{" + ", ".join([*keys, '"199999": 1']) + "}", "c.json")
