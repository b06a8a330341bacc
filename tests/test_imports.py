"""The layers of the package: a module imports from lower layers or from its own package, never upwards."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "npmobile"
LAYERS = [  # lowest first; a package is one entry
    {"checks", "tables", "language", "cli", "files", "quiet"},
    {"counting", "loops", "conv", "ops", "spec", "images", "cost_table"},
    {"cost", "weights", "description"},
    {"network", "fast"},
    {"model", "integers"},
    {"pretrained", "paper", "exercises"},
    {"plots", "interactive"},
    {"demo"},
]
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
WITNESSES = {"loops", "conv", "cost", "counting"}
OPTIONAL = {  # library -> who may import it
    "matplotlib": {"plots", "language"},
    "PIL": {"images", "pretrained", "plots"},
    "h5py": {"pretrained"},
    "safetensors": {"pretrained"},
    "pooch": {"pretrained"},
    "tflite": {"pretrained"},
    "tqdm": {"model", "pretrained"},
    "requests": {"pretrained"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def named(path: Path) -> tuple[str, ...]:
    """("fast", "plan") of npmobile/fast/plan.py."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def is_command(path: Path) -> bool:
    return path.name == "__main__.py" or path == PACKAGE / "__init__.py"


def imported(path: Path) -> list[tuple[int, tuple[str, ...]]]:
    """Every import of a module, those inside functions too: its line, and ("npmobile", "fast", "plan") or ("numpy",)."""
    here = ("npmobile", *path.relative_to(PACKAGE).parts[:-1])
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, tuple(alias.name.split("."))) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            base += tuple((node.module or "").split(".")) if node.module else ()
            found += [(node.lineno, (*base, alias.name)) for alias in node.names]
    return found


def ours(path: Path) -> list[tuple[int, str]]:
    """Top-level names of our own package that a module imports, its own package left out."""
    own = named(path)[0]
    pairs = [(line, name[1]) for line, name in imported(path) if name[0] == "npmobile" and len(name) > 1]
    return [(line, name) for line, name in pairs if name != own and name in LEVEL]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(named(path)))
def test_no_import_goes_upwards(path):
    if is_command(path):
        return  # a command reads what it likes, and nothing reads a command
    own = named(path)[0]
    for line, name in ours(path):
        assert LEVEL[name] < LEVEL[own], f"{path.name}:{line} imports {name}, which is not on a lower layer"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(named(path)))
def test_no_library_module_imports_a_command(path):
    commands = {"demo", "__main__"}
    if not is_command(path):
        assert not [name for _, name in imported(path) if name[0] == "npmobile" and commands & set(name)]


def test_every_module_has_a_layer():
    assert {named(path)[0] for path in MODULES} - {"__init__", "__main__"} <= LEVEL.keys()


def test_the_witnesses_know_nothing_of_each_other():
    for path in MODULES:
        if named(path)[0] in WITNESSES:
            assert not {name for _, name in ours(path)} & WITNESSES, path


def test_optional_libraries_are_imported_only_where_they_belong():
    for path in MODULES:
        for line, name in imported(path):
            assert named(path)[0] in OPTIONAL.get(name[0], {named(path)[0]}), f"{path.name}:{line} imports {name[0]}"


def test_within_a_package_nothing_goes_in_circles():
    for package in (path for path in PACKAGE.iterdir() if path.is_dir() and (path / "__init__.py").exists()):
        names = {path.stem for path in package.glob("*.py")} - {"__init__"}
        needs = {}
        for path in package.glob("*.py"):
            pairs = [name for _, name in imported(path) if name[:2] == ("npmobile", package.name)]
            needs[path.stem] = {name[2] for name in pairs if len(name) > 2} & names
        while ready := {name for name in needs if not needs[name] & needs.keys()}:
            needs = {name: required for name, required in needs.items() if name not in ready}
        assert not needs, f"{package.name}: {needs}"
