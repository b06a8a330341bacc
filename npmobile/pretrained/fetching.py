"""Published files of weights, downloaded once.

python -m npmobile.pretrained list
python -m npmobile.pretrained fetch keras/mobilenet_2_5_224
"""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

from ..spec import mobilenet
from . import checksums
from .formats import needs
from .loading import CLASS_NAMES, _json, class_names, load

KERAS = "tensorflow/keras-applications/mobilenet/"
# What can be fetched: name -> its address below https://storage.googleapis.com/
PUBLISHED = {
    f"keras/mobilenet_{alpha}_{resolution}": f"{KERAS}mobilenet_{alpha}_{resolution}_tf.h5"
    for alpha in ("1_0", "7_5", "5_0", "2_5")
    for resolution in (224, 192, 160, 128)
} | {"keras/imagenet_class_index": f"download.tensorflow.org/data/{CLASS_NAMES}"}


def fetch(name: str) -> Path:
    """One published file, downloaded once into the user's cache folder, with a progress bar.

    What arrives is kept only if it can be opened and every array has its shape. Its SHA-256 is written beside it
    and compared at each later use. The environment variables NPMOBILE_MIRROR (another address than
    https://storage.googleapis.com, with the same paths below it) and NPMOBILE_CACHE (another folder) change where
    it comes from and goes to.

    Parameters
    ----------
    name : str
        As `python -m npmobile.pretrained list` prints: "keras/mobilenet_1_0_224".

    Returns
    -------
    Path

    Raises
    ------
    ValueError
        If there is no such name, if what came is not what was asked for, or if the kept file has changed since.
    OSError
        If it cannot be downloaded: nothing is left behind.
    ImportError
        If pooch, tqdm or h5py is missing; the message says how to install them.
    """
    if name not in PUBLISHED:
        raise ValueError(f"name must be one that is published, such as keras/mobilenet_1_0_224, but is {name!r}")
    pooch = needs("pooch", "fetching")
    folder = Path(os.environ.get("NPMOBILE_CACHE") or pooch.os_cache("npmobile"))
    path = folder / PUBLISHED[name].rsplit("/", 1)[1]
    if path.exists() and checksums.file_for(path).exists():
        checksums.check(path)
    else:
        _download(pooch, PUBLISHED[name], path)
    if path.name != CLASS_NAMES:
        fetch("keras/imagenet_class_index")
    return path


def _download(pooch: Any, address: str, path: Path) -> None:
    """Download to a file of another name, look inside, and only then give it its own."""
    needs("tqdm", "the progress bar")
    mirror = os.environ.get("NPMOBILE_MIRROR", "https://storage.googleapis.com").rstrip("/")
    url = f"{mirror}/{address}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as unfinished:
        arriving = Path(unfinished) / path.name
        try:
            pooch.HTTPDownloader(progressbar=True, timeout=30)(url, str(arriving), None)
        except OSError as error:  # those of requests are OSErrors too
            raise OSError(f"{url} could not be downloaded: {error}") from error
        _look_inside(arriving, url)
        checksums.file_for(path).write_text(f"{checksums.of(arriving)}  {path.name}\n", encoding="utf8")
        arriving.replace(path)


def _look_inside(arriving: Path, url: str) -> None:
    """Refuse what is not the file that was asked for."""
    name = arriving.name
    try:
        if name == CLASS_NAMES:
            class_names(_json(arriving) or {}, url)
            return
        found = load(arriving).layers
    except ValueError as error:
        raise ValueError(f"{url} gave something else than {name}: {error}") from error
    units, tenths, resolution = map(int, re.findall(r"\d+", name)[:3])  # 7_5 is 0.75, 1_0 is 1
    if found != mobilenet(1.0 if units == 1 else (10 * units + tenths) / 100, resolution, 1000):
        raise ValueError(f"{url} gave another network than {name}")
