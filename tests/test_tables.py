"""Tables of text: alignment, width, wrapping, and sequences that display as a table."""

from __future__ import annotations

import copy
import pickle

import pytest

from npmobile import tables


class Guesses(tables.Shown, list):
    _words = ("label",)

    def _lines(self, wide):
        return [["label", "probability"], *([label, f"{p:.2%}"] for label, p in self)]


class Pairs(tables.Shown, tuple):
    _words = ("name",)

    def _lines(self, wide):
        return [
            ["name", "count", *(["note"] if wide else [])],
            *([a, str(b), *(["x"] if wide else [])] for a, b in self),
        ]


FIVE = [("tabby", 0.8725), ("tiger_cat", 0.0866), ("고양이", 0.0392), ("lynx", 0.0015), ("carton", 0.0001)]


def test_korean_takes_two_columns_a_syllable():
    lines = [["name", "n"], ["고양이.jpg", "1"], ["cat.jpg", "22"]]
    text = tables.as_text(lines, ["name"]).splitlines()
    assert text == ["name         n", "고양이.jpg   1", "cat.jpg     22"]
    assert {tables.width(line) for line in text} == {14}


def test_width_of_what_macos_writes_in_several_characters():
    decomposed = "\u1100\u1169"  # 고, as macOS stores file names
    assert tables.width(decomposed) == tables.width("고") == 2
    assert tables.width("e\u0301") == 1
    assert tables.width("") == 0


@pytest.mark.parametrize("text", ["a\nb", "\x1b[31mred", "\udcff.png", "tab\there", "\u202eright to left"])
def test_printable_is_one_line_of_signs(text):
    shown = tables.printable(text)
    assert shown.isprintable()
    assert len(shown.splitlines()) == 1
    assert tables.as_text([["name"], [text]], ["name"]).count("\n") == 1
    assert tables.as_markdown([["name"], [text]], ["name"]).count("\n") == 2


@pytest.mark.parametrize("columns", [2, 5, 12, 40])
@pytest.mark.parametrize("text", ["a separable convolution", "초등학교 고양이", "x" * 50, "  two  spaces ", ""])
def test_wrap_loses_nothing_and_no_line_is_longer(text, columns):
    lines = tables.wrap(text, columns)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(tables.width(line) <= columns for line in lines)


def test_the_widest_column_of_words_is_wrapped():
    lines = [["short", "long", "n"], ["a", "one two three four five six", "1,000"], ["b", "one", "2"]]
    text = tables.as_text(lines, ["short", "long"], within=30).splitlines()
    assert text == [
        "short  long                  n",
        "a      one two three     1,000",
        "       four five six",
        "b      one                   2",
    ]
    assert tables.as_text(lines, ["short", "long"]).splitlines()[1] == "a      one two three four five six  1,000"


def test_notes_stand_below_their_line():
    lines = [["what", "why", "n"], ["a", "because of this and that", "1"], ["b", "", "2"]]
    assert tables.as_text(lines, ["what"], within=20, below="why").splitlines() == [
        "what  n",
        "a     1",
        "    because of this",
        "    and that",
        "b     2",
    ]


def test_markdown_and_html_escape_what_would_be_markup():
    lines = [["name"], ["a|b <i>&"]]
    assert tables.as_markdown(lines, ["name"]).splitlines()[-1] == "| a\\|b <i>& |"
    assert "a|b &lt;i&gt;&amp;" in tables.as_html(lines, ["name"])


def test_shown_lists_and_tuples_are_what_they_were():
    for kind, plain in ((Guesses, FIVE), (Pairs, tuple(FIVE))):
        shown = kind(plain)
        assert shown == plain
        assert plain == shown
        assert shown[0] == FIVE[0]
        assert shown[-2:] == plain[-2:]
        assert type(shown[1:3]) is kind
        copies = [copy.copy(shown), copy.deepcopy(shown)]
        copies += [pickle.loads(pickle.dumps(shown, protocol)) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)]
        for copied in copies:
            assert copied == shown
            assert type(copied) is kind
    assert hash(Pairs(FIVE)) == hash(tuple(FIVE))


def test_a_long_sequence_is_short_where_it_displays_and_whole_where_it_is_printed():
    many = Pairs((f"conv{n}", n) for n in range(1000))
    assert repr(many).splitlines()[:2] == ["name          count", "conv0             0"]
    assert "... 988 more" in repr(many)
    assert len(repr(many).splitlines()) == 1 + 12 + 1
    assert len(str(many).splitlines()) == 1 + 1000
    assert many._repr_html_().count("<tr>") == 1 + 60 + 1
    assert '<th style="text-align:right;white-space:nowrap">note</th>' in many._repr_html_()


def test_items_of_another_kind_are_shown_as_a_plain_list():
    odd = Guesses([*FIVE, None])
    assert repr(odd) == str(odd) == repr([*FIVE, None])
    assert odd._repr_html_() is None


def test_notebooks_take_the_table():
    formatter = pytest.importorskip("IPython.core.formatters").DisplayFormatter()
    shown, _ = formatter.format(Guesses(FIVE))
    assert shown["text/plain"].splitlines()[0] == "label      probability"
    assert shown["text/html"].startswith("<table>")
