"""Published files of weights, downloaded once.

python -m npmobile.pretrained list
python -m npmobile.pretrained fetch keras/mobilenet_2_5_224
"""

from __future__ import annotations

import os
import queue
import re
import socket
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from ..files import one_line, replacing
from ..spec import mobilenet
from ..weights import shapes
from . import checksums, settings
from .contents import needs
from .labels import CLASS_NAMES, imagenet
from .loading import load

KERAS = "tensorflow/keras-applications/mobilenet/"
# What can be fetched: name -> its address below https://storage.googleapis.com/
PUBLISHED = {
    f"keras/mobilenet_{alpha}_{resolution}": f"{KERAS}mobilenet_{alpha}_{resolution}_tf.h5"
    for alpha in ("1_0", "7_5", "5_0", "2_5")
    for resolution in (224, 192, 160, 128)
} | {"keras/imagenet_class_index": f"download.tensorflow.org/data/{CLASS_NAMES}"}

MOST_BYTES = 32_000_000  # the largest published file has 17 million
FIRST_SECONDS = 30.0  # that a server may take, and
BYTES_A_SECOND = 16_000  # that must come on average after that


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
        If it cannot be downloaded, is too large, comes too slowly, or cannot be kept: nothing is left behind. In a
        browser always, since pages may not read other sites.
    ImportError
        If requests, pooch, tqdm or h5py is missing; the message says how to install them.
    """
    if name not in PUBLISHED:
        raise ValueError(
            f"name must be one that is published, such as keras/mobilenet_1_0_224, but is {one_line(repr(name))}"
        )
    if sys.platform == "emscripten":
        raise OSError(
            "a browser cannot fetch this file: download it, add it to the list of files, and load it by its name"
        )
    path = _cache() / PUBLISHED[name].rsplit("/", 1)[1]
    if path.exists() and checksums.file_for(path).exists():
        checksums.check(path)
    else:
        _download(PUBLISHED[name], path)
    if path.name != CLASS_NAMES:
        fetch("keras/imagenet_class_index")
    return path


def _cache() -> Path:
    """The folder of what was fetched; made if there is none."""
    pooch, given = needs("pooch", "fetching"), os.environ.get("NPMOBILE_CACHE")
    try:
        folder = Path(given or pooch.os_cache("npmobile"))
    except (RuntimeError, KeyError):  # no HOME, and the system knows no user of this number
        folder = Path("~")
    if not given and not folder.is_absolute():
        raise OSError("there is no home folder to keep files in: set NPMOBILE_CACHE to a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OSError(
            f"{one_line(folder)} cannot be made ({error.strerror}): set NPMOBILE_CACHE to another folder"
        ) from error
    return folder


def _download(address: str, path: Path) -> None:
    """Download a file, look inside, and only then replace what was there before."""
    needs("h5py", "fetching")
    mirror = os.environ.get("NPMOBILE_MIRROR", "https://storage.googleapis.com").rstrip("/")
    url = f"{mirror}/{address}"
    content = _receive(url)
    with replacing(path) as file:
        file.write(content)
        file.flush()
        _look_inside(Path(file.name), path.name, url)
        checksums.file_for(path).unlink(missing_ok=True)  # of a file that was here before
    checksums.write(path)


def _receive(url: str) -> bytes:
    """What a server sends, of bounded size and in bounded time.

    The timeout of a socket bounds each wait but not their sum: a server may send a byte a second. So a thread waits
    for the server, and this one for the thread.
    """
    tqdm = needs("tqdm", "fetching").tqdm
    arriving: queue.SimpleQueue[Any] = queue.SimpleQueue()
    response, content, start, given_up = None, bytearray(), time.monotonic(), threading.Event()
    request = partial(_request, needs("requests", "fetching"), url, arriving, given_up)
    try:
        threading.Thread(target=request, daemon=True).start()
        with tqdm(desc=url.rsplit("/", 1)[1], unit="B", unit_scale=True) as bar:
            while (left := start + FIRST_SECONDS + len(content) / BYTES_A_SECOND - time.monotonic()) > 0:
                try:
                    piece = arriving.get(timeout=min(left, 1))  # Windows notices Ctrl-C only in between
                except queue.Empty:
                    continue
                if isinstance(piece, Exception):
                    raise OSError(one_line(piece, longest=300)) from piece
                if not isinstance(piece, bytes):
                    response, bar.total = piece, _announced(piece)
                elif piece:
                    content += piece
                    bar.update(len(piece))
                elif bar.total not in (None, len(content)):
                    raise OSError(f"it broke off after {len(content):,} of {bar.total:,} bytes")
                else:
                    response = None  # it has ended
                    return bytes(content)
                if max(len(content), bar.total or 0) > MOST_BYTES:
                    raise OSError(f"it is larger than {MOST_BYTES:,} bytes")
        raise OSError(f"only {len(content):,} bytes came in {time.monotonic() - start:.0f} seconds")
    except (OSError, RuntimeError) as error:  # RuntimeError: no thread can be started
        raise OSError(f"{one_line(url)} could not be downloaded: {error}") from error
    finally:
        given_up.set()
        _hang_up(response)  # if it goes on, its thread still waits for it


def _request(requests: Any, url: str, arriving: queue.SimpleQueue[Any], given_up: threading.Event) -> None:
    """Send through the queue: the response, its bytes piece by piece, and b"" at the end; or an exception."""
    try:
        how = {"Accept-Encoding": "identity"}  # a small packed file may hold a large one
        with requests.get(url, stream=True, timeout=FIRST_SECONDS, headers=how) as response:
            response.raise_for_status()
            if (packed := response.headers.get("Content-Encoding", "identity")) != "identity":
                raise OSError(f"it is packed ({packed}), which was not asked for")
            arriving.put(response)
            while not given_up.is_set() and (piece := response.raw.read(2**14)):
                arriving.put(piece)
            arriving.put(b"")
    except Exception as error:  # raised again in the thread that waits
        arriving.put(error)


def _announced(response: Any) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() and len(length) < 20 else None


def _hang_up(response: Any) -> None:
    """End the connection, so that the thread that waits for it ends too."""
    with suppress(AttributeError, OSError, ValueError):  # it has ended already
        connection = socket.socket(fileno=response.raw.fileno())
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.detach()  # the response closes it


def _look_inside(arrived: Path, name: str, url: str) -> None:
    """Refuse what is not the file that was asked for."""
    try:
        if name == CLASS_NAMES:
            imagenet(settings.parse(arrived.read_bytes(), name))
            return
        found = shapes(load(arrived).layers)
    except ValueError as error:
        reason = one_line(str(error).replace(str(arrived), "it"), longest=300)
        raise ValueError(f"{one_line(url)} gave something else than {name}: {reason}") from error
    units, tenths, resolution = map(int, re.findall(r"\d+", name)[:3])  # 7_5 is 0.75, 1_0 is 1
    if found != shapes(mobilenet(1.0 if units == 1 else (10 * units + tenths) / 100, resolution, 1000)):
        raise ValueError(f"{one_line(url)} gave another network than {name}")
