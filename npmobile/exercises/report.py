"""What was found out about a student's function: shown as text, and as HTML in a notebook."""

from __future__ import annotations

import html

from .. import language, tables
from .words import Sentence

MARKS = {True: "right", False: "wrong", None: "cannot be told"}


class Report:
    """The result of checking a student's function.

    Attributes
    ----------
    task : str
    values : bool
        Whether all its answers are right.
    cost : bool or None
        Whether it executes the mult-adds that it should. None: it cannot be told, or the task has no cost.
    passed : bool
        Values and cost right; values alone where the task has no cost.
    seed : int
        Give it to the same check again to get the same shapes.
    error : exception or None
        The first that the function raised.
    """

    def __init__(self, task: str, seed: int, has_cost: bool) -> None:
        self.task, self.seed = task, seed
        self.values = False
        self.cost: bool | None = None
        self.error: BaseException | None = None
        self.has_cost = has_cost
        self.tried = False  # whether the function was called
        self._lines: list[Sentence] = []
        self._mistake: Sentence | None = None

    @property
    def passed(self) -> bool:
        return self.values and (self.cost is True or not self.has_cost)

    @property
    def mistake(self) -> str | None:
        """The likely mistake in words, or None: it is named only if it explains every case."""
        return self._mistake.text(language.of_pages()) if self._mistake else None

    def say(self, english: str, /, **values: object) -> None:
        """Add a sentence."""
        self._lines.append(Sentence(english, **values))

    def add(self, *lines: Sentence) -> None:
        """Add sentences as they are."""
        self._lines += lines

    def refuse(self, used: list[str]) -> None:
        """Say that the function calls npmobile's own, and let it pass nothing."""
        self.values, self.cost = False, False if self.has_cost else None
        self.say("It calls {name}, which is npmobile's own: write the computation yourself.", name=used[0])

    def suspect(self, mistake: Sentence) -> None:
        """Name the likely mistake."""
        self._mistake = mistake

    def _verdicts(self) -> list[tuple[Sentence, bool | None]]:
        judged: list[tuple[Sentence, bool | None]] = [(Sentence("values"), self.values)]
        return [*judged, (Sentence("cost"), self.cost)] if self.has_cost else judged

    def _all_lines(self) -> list[Sentence]:
        likely = [Sentence("Likely mistake: {what}", what=self._mistake)] if self._mistake else []
        seed = Sentence("Some inputs were drawn from a seed: seed={seed} repeats them.", seed=self.seed)
        return [*likely, *self._lines, *([seed] if self.tried else [])]

    def __repr__(self) -> str:
        verdicts = ", ".join(f"{what.english} {MARKS[verdict]}" for what, verdict in self._verdicts())
        return f"<Report {self.task}: {verdicts}>"

    def __str__(self) -> str:
        chosen = language.of_pages()
        head = "   ".join(
            f"{what.text(chosen)}: {Sentence(MARKS[verdict]).text(chosen)}" for what, verdict in self._verdicts()
        )
        lines = [f"{self.task}   {head}"]
        for line in self._all_lines():
            if line.block:
                lines += [f"    {row}" for row in line.text(chosen).splitlines()]
            else:
                lines.append(tables.fill(line.text(chosen)))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Colours, fonts and background are the notebook's own, so that it can be read in a dark theme too."""
        chosen = language.of_pages()
        signs = {True: "&#10003;", False: "&#10007;", None: "?"}
        head = "".join(
            f"<span style='margin-left: 1.5em'>{signs[verdict]} {html.escape(what.text(chosen))}: "
            f"<b>{html.escape(Sentence(MARKS[verdict]).text(chosen))}</b></span>"
            for what, verdict in self._verdicts()
        )
        width = "double" if self.passed else "solid"
        parts = [
            f"<div lang='{chosen}' style='border-left: 6px {width} #808080; padding: 0.2em 0 0.2em 0.8em; "
            f"word-break: keep-all; overflow-wrap: anywhere'>"
            f"<div><code>{html.escape(self.task)}</code>{head}</div>"
        ]
        for n, line in enumerate(self._all_lines()):
            text = html.escape(line.text(chosen))
            weight = "bold" if n == 0 and self._mistake else "inherit"
            if line.block:
                parts.append(f"<pre style='margin: 0.4em 0 0 1.5em; background: none; color: inherit'>{text}</pre>")
            else:
                parts.append(f"<div style='margin-top: 0.4em; font-weight: {weight}'>{text}</div>")
        return "\n".join([*parts, "</div>"])
