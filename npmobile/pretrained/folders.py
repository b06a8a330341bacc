"""A folder given as a path: that of `save_pretrained`, with one `.safetensors` file in it."""

from __future__ import annotations

from pathlib import Path

from ..files import listed, one_line
from . import causes
from .messages import Refused

USUAL = "model.safetensors"  # of transformers and timm


def file_in(folder: Path) -> Path:
    """The file of a folder that holds the weights.

    Raises
    ------
    ValueError
        If the weights are in several files, or in a format that is never read; the reason is given.
    IsADirectoryError
        If it cannot be told which file holds them.
    """
    names = sorted(entry.name for entry in folder.iterdir())
    if USUAL in names:
        return folder / USUAL
    found = [name for name in names if name.endswith(".safetensors")]
    if any(name.endswith(".safetensors.index.json") for name in names):
        raise Refused(f"{causes.SHARDS}: save_pretrained(folder, max_shard_size='1GB') does so")
    if len(found) == 1:
        return folder / found[0]
    if not found:
        for name in names:
            cause = causes.ENDINGS.get(Path(name).suffix.lower())
            if cause in (causes.PICKLE, causes.CHECKPOINT):
                raise Refused(f"of {one_line(name)} in it: {cause}")
    which = f", one of {listed(found)}" if found else ""
    raise IsADirectoryError(f"{one_line(folder)} is a folder: give the file in it that holds the weights{which}")
