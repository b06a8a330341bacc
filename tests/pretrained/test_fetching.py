"""Fetching published files, from a server on 127.0.0.1 that the test starts."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from weight_files import write_keras

import npmobile as nm

NAME, FILE = "keras/mobilenet_2_5_128", "mobilenet_2_5_128_tf.h5"
WEIGHTS = f"/tensorflow/keras-applications/mobilenet/{FILE}"
INDEX = "/download.tensorflow.org/data/imagenet_class_index.json"
CLASS_INDEX = json.dumps({str(i): [f"n{i:08}", f"thing {i}"] for i in range(1000)}).encode()


class Server:
    """Serves `pages`, counts what is asked for, and breaks off what is named in `broken`."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.broken: set[str] = set()
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                page = outer.pages.get(self.path)
                if page is None:
                    return self.send_error(404)
                self.send_response(200)
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page[: len(page) // 2] if self.path in outer.broken else page)

            def log_message(self, *_) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.http.shutdown()
        self.http.server_close()


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A file such as Keras publishes: alpha 0.25, 1000 classes."""
    path = tmp_path_factory.mktemp("published") / FILE
    write_keras(path, nm.weights.init(nm.mobilenet(0.25)))
    return path.read_bytes()


@pytest.fixture
def server(published):
    server = Server()
    server.pages = {WEIGHTS: published, INDEX: CLASS_INDEX}
    yield server
    server.stop()


@pytest.fixture
def cache(tmp_path, monkeypatch, server):
    """An empty cache folder and the server as the mirror."""
    monkeypatch.setenv("NPMOBILE_MIRROR", server.address + "/")
    monkeypatch.setenv("NPMOBILE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache"


def kept(cache) -> list[str]:
    return sorted(os.listdir(cache)) if cache.exists() else []


def test_whole_file_is_fetched_once_and_loads_with_its_labels(server, cache, capsys):
    path = nm.fetch(NAME)
    assert path == cache / FILE
    assert kept(cache) == ["imagenet_class_index.json", "imagenet_class_index.json.sha256", FILE, f"{FILE}.sha256"]
    assert server.asked == [WEIGHTS, INDEX]
    assert "100%" in capsys.readouterr().err  # the progress bar
    model = nm.load(path)
    assert model.layers == nm.mobilenet(0.25, 128)
    assert model.labels[281] == "thing 281"
    server.stop()  # from now on offline
    assert nm.fetch(NAME) == path
    assert server.asked == [WEIGHTS, INDEX]


def test_the_sum_beside_it_is_sha256sums(cache):
    path = nm.fetch(NAME)
    done = subprocess.run([sys.executable, "-c", f"import hashlib; print(hashlib.sha256(open({str(path)!r}, 'rb').read()).hexdigest())"], capture_output=True, text=True, check=True)  # fmt: skip
    assert path.with_name(f"{FILE}.sha256").read_text() == f"{done.stdout.strip()}  {FILE}\n"


def test_a_file_that_changed_since_is_refused(cache):
    path = nm.fetch(NAME)
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    for use in (lambda: nm.fetch(NAME), lambda: nm.load(path)):
        with pytest.raises(ValueError, match=r"mobilenet_2_5_128_tf\.h5 has changed since it was fetched"):
            use()
    path.unlink()
    assert nm.load(nm.fetch(NAME)).resolution == 128  # as the message says


def test_a_download_that_breaks_off_leaves_nothing(server, cache):
    server.broken = {WEIGHTS}
    with pytest.raises(OSError, match=r"mobilenet_2_5_128_tf\.h5 could not be downloaded"):
        nm.fetch(NAME)
    assert kept(cache) == []
    server.broken = set()
    assert nm.load(nm.fetch(NAME)).resolution == 128


def test_404_and_unreachable_leave_nothing(server, cache, monkeypatch):
    del server.pages[WEIGHTS]
    with pytest.raises(OSError, match="could not be downloaded: 404"):
        nm.fetch(NAME)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        monkeypatch.setenv("NPMOBILE_MIRROR", f"http://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(OSError, match="could not be downloaded"):
            nm.fetch(NAME)
    assert kept(cache) == []


@pytest.mark.parametrize("content", ["a page", "another alpha", "other classes", "no classifier"])
def test_wrong_content_is_refused_and_leaves_nothing(server, cache, tmp_path, content):
    if content == "a page":
        server.pages[WEIGHTS] = b"<!DOCTYPE html><p>Please log in to this network.</p>"
    else:
        wrong = {"another alpha": (0.5,), "other classes": (0.25, 224, 10), "no classifier": (0.25,)}[content]
        w = nm.weights.init(nm.mobilenet(*wrong))
        if content == "no classifier":
            del w["fc"]
        write_keras(tmp_path / "wrong.h5", w)
        server.pages[WEIGHTS] = (tmp_path / "wrong.h5").read_bytes()
    with pytest.raises(
        ValueError, match=r"_tf\.h5 gave (something else|another network) than mobilenet_2_5_128_tf\.h5"
    ):
        nm.fetch(NAME)
    assert kept(cache) == []


def test_wrong_class_names_are_refused(server, cache):
    server.pages[INDEX] = b'{"0": ["n01440764", "tench"]}'
    with pytest.raises(ValueError, match="is not an index of 1000 classes"):
        nm.fetch("keras/imagenet_class_index")
    assert kept(cache) == []


def test_an_unfinished_fetch_is_done_again(server, cache):
    cache.mkdir()
    (cache / FILE).write_bytes(b"half of it, and no sum beside it")
    assert nm.load(nm.fetch(NAME)).resolution == 128


def test_unknown_names_are_refused_before_anything_is_asked(server, cache):
    with pytest.raises(
        ValueError, match="name must be one that is published, such as keras/mobilenet_1_0_224, but is 'vgg16'"
    ):
        nm.fetch("vgg16")
    assert server.asked == []


def test_16_networks_and_their_names_are_published():
    assert len(nm.pretrained.PUBLISHED) == 17
    assert (
        nm.pretrained.PUBLISHED["keras/mobilenet_7_5_160"]
        == "tensorflow/keras-applications/mobilenet/mobilenet_7_5_160_tf.h5"
    )


def command(*arguments):
    return subprocess.run([sys.executable, "-m", "npmobile.pretrained", *arguments], capture_output=True, text=True)


def test_command_line(server, cache):
    listed = command("list")
    assert listed.returncode == 0
    assert listed.stdout.split() == list(nm.pretrained.PUBLISHED)
    done = command("fetch", NAME)
    assert (done.returncode, done.stdout) == (0, f"{cache / FILE}\n")
    assert nm.load(done.stdout.strip()).resolution == 128
    for wrong in (["fetch", "vgg16"], ["fetch"], [], ["steal"]):
        done = command(*wrong)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    server.stop()
    done = command("fetch", "keras/mobilenet_1_0_224")
    assert (done.returncode, done.stdout) == (2, "")
    assert "could not be downloaded" in done.stderr.splitlines()[-1]
