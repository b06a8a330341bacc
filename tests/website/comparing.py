"""Which outputs of a notebook are the same on every machine, and what they say."""

from __future__ import annotations

import ast

CLOCK = {"interleaved", "in_turn"}  # the functions of `fast.timing` that read the clock


def code_cells(cells):
    return [cell for cell in cells if cell["cell_type"] == "code"]


def outputs(cell):
    """What a cell says: joined text of a stream, the plain text and the kinds of a result, the name of an error."""
    found = []
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            text = "".join(output["text"])
            if found and found[-1][0] == output["name"]:
                found[-1] = (output["name"], found[-1][1] + text)
            else:
                found.append((output["name"], text))
        elif output["output_type"] == "error":
            found.append(("error", output["ename"], output["evalue"]))
        else:
            data = output["data"]
            found.append(("result", "".join(data["text/plain"]), *sorted(data)))
    return found


def measured(sources):
    """For each cell, whether it depends on a clock, or on whether Python runs in a browser.

    A name that gets its value from such a statement carries it on, and so does a function that uses such a name.
    """
    names = {"in_browser"}
    flags = []
    for source in sources:
        statements = ast.parse(
            "\n".join(line for line in source.splitlines() if not line.lstrip().startswith("%"))
        ).body
        tainted = [statement for statement in statements if _mentions(statement, names)]
        for statement in tainted:
            names |= _assigned(statement)
        flags.append(bool(tainted))
    return flags


def _mentions(statement, names):
    used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
    return bool(used & names or {node.attr for node in ast.walk(statement) if isinstance(node, ast.Attribute)} & CLOCK)


def _assigned(statement):
    if isinstance(statement, ast.FunctionDef):
        return {statement.name}
    return {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
