"""Fetching published files, from a server on 127.0.0.1 that the test starts."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from weight_files import write_keras

import npmobile as nm
from npmobile.pretrained import checksums, fetching

NAME, FILE = "keras/mobilenet_2_5_128", "mobilenet_2_5_128_tf.h5"
WEIGHTS = f"/tensorflow/keras-applications/mobilenet/{FILE}"
INDEX = "/download.tensorflow.org/data/imagenet_class_index.json"
CLASS_INDEX = json.dumps({str(i): [f"n{i:08}", f"thing {i}"] for i in range(1000)}).encode()


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_) -> None:  # a client that hung up
        pass


class Server:
    """Serves `pages`, counts what is asked for, breaks off what is named in `broken`, and answers by `answers`."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.broken: set[str] = set()
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.stopped = threading.Event()
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                if self.path in outer.answers:
                    with suppress(OSError):  # the client hung up
                        outer.answers[self.path](self)
                    self.close_connection = True
                    return None
                page = outer.pages.get(self.path)
                if page is None:
                    return self.send_error(404)
                self.send_response(200)
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page[: len(page) // 2] if self.path in outer.broken else page)
                return None

            def log_message(self, *_) -> None:
                pass

        self.http = QuietServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.stopped.set()
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
    assert model.layers == nm.mobilenet(0.25, 128, padding="keras")
    assert model.labels[281] == "thing 281"
    server.stop()  # from now on offline
    assert nm.fetch(NAME) == path
    assert server.asked == [WEIGHTS, INDEX]


# The sum beside it


def test_the_sum_beside_it_is_sha256sums(cache):
    path = nm.fetch(NAME)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert path.with_name(f"{FILE}.sha256").read_text() == f"{digest}  {FILE}\n"


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


def test_the_sum_of_a_file_that_was_deleted_is_replaced(server, cache, tmp_path):
    path = nm.fetch(NAME)
    path.unlink()
    write_keras(tmp_path / "newer.h5", nm.weights.init(nm.mobilenet(0.25), seed=1))
    server.pages[WEIGHTS] = (tmp_path / "newer.h5").read_bytes()
    assert nm.load(nm.fetch(NAME)).resolution == 128
    assert path.read_bytes() == server.pages[WEIGHTS]


@pytest.mark.parametrize("form", ["{sum}  {name}\n", "{sum} *{name}\r\n", "SHA256 ({name}) = {sum}\n", "{sum}"])
@pytest.mark.parametrize("case", [str.lower, str.upper])
def test_sums_as_other_programs_write_them(tmp_path, form, case):
    path = tmp_path / "w.h5"
    path.write_bytes(b"weights")
    checksums.check(path)  # no sum: nothing can be said
    line = form.format(sum=case(hashlib.sha256(b"weights").hexdigest()), name="w.h5")
    checksums.file_for(path).write_text(line)
    checksums.check(path)
    path.write_bytes(b"other weights")
    with pytest.raises(ValueError, match=r"w\.h5 has changed since it was fetched"):
        checksums.check(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a3" * 31, b"g" * 64, b"a3" * 33])
def test_a_file_beside_it_that_holds_no_sum(tmp_path, content):
    path = tmp_path / "w.h5"
    path.write_bytes(b"weights")
    checksums.file_for(path).write_bytes(content)
    with pytest.raises(ValueError, match=r"w\.h5\.sha256 holds no SHA-256: delete it, and fetch the file again"):
        checksums.check(path)


# What leaves nothing behind


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


# A server that means no good, or that is slow


def answer(length: int | None, body: bytes, pause: float, headers=()):
    """An answer that goes on until the client hangs up: `body` again and again with pauses."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for name, value in (*headers, *([("Content-Length", str(length))] if length else [])):
            handler.send_header(name, value)
        handler.end_headers()
        while True:
            handler.wfile.write(body)
            handler.wfile.flush()
            time.sleep(pause)

    return send


def dripped_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while True:
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(20)


BOMB = gzip.compress(bytes(20_000_000))  # made before the server is asked: it takes a while


def gzip_bomb(handler: BaseHTTPRequestHandler) -> None:
    body = BOMB
    handler.send_response(200)
    handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def endless_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")


def chunk_without_end(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"0" * 0x10000)


def to_itself(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", handler.path)
    handler.end_headers()


@pytest.mark.parametrize(
    ("send", "message"),
    [
        (answer(None, bytes(100_000), 0), "it is larger than 3,000,000 bytes"),
        (answer(3_000_001, b"x", 0.01), "it is larger than 3,000,000 bytes"),
        (answer(10**15, b"x", 0.01), "it is larger than 3,000,000 bytes"),
        (answer(1000, b"x", 0.05), r"only \d+ bytes came in \d+ seconds"),
        (answer(None, b"x", 0.05), r"only \d+ bytes came in \d+ seconds"),
        (dripped_headers, r"only 0 bytes came in \d+ seconds"),
        (silent, r"only 0 bytes came in \d+ seconds|timed out"),
        (gzip_bomb, r"it is packed \(gzip\), which was not asked for"),
        (endless_chunks, "it is larger than 3,000,000 bytes"),
        (chunk_without_end, "."),
        (to_itself, "Exceeded 30 redirects"),
    ],
)
def test_a_bad_server(server, cache, monkeypatch, send, message):
    monkeypatch.setattr(fetching, "MOST_BYTES", 3_000_000)
    monkeypatch.setattr(fetching, "FIRST_SECONDS", 3.0)
    server.answers[WEIGHTS] = send
    before = threading.active_count()
    with pytest.raises(OSError, match=rf"mobilenet_2_5_128_tf\.h5 could not be downloaded: .*{message}") as caught:
        nm.fetch(NAME)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 600
    assert kept(cache) == []
    if send not in (dripped_headers, silent):  # those wait for the server to end
        deadline = time.monotonic() + 5
        while threading.active_count() > before and time.monotonic() < deadline:
            time.sleep(0.05)
        assert threading.active_count() <= before
    del server.answers[WEIGHTS]
    monkeypatch.undo()


def test_a_slow_server_that_is_fast_enough(server, cache, monkeypatch):
    """Longer in all than the first seconds, but never below the rate."""
    monkeypatch.setattr(fetching, "FIRST_SECONDS", 0.4)
    monkeypatch.setattr(fetching, "BYTES_A_SECOND", 2_000_000)
    content = server.pages[WEIGHTS]

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        for start in range(0, len(content), 200_000):
            handler.wfile.write(content[start : start + 200_000])
            time.sleep(0.06)

    server.answers[WEIGHTS] = send
    assert nm.load(nm.fetch(NAME)).resolution == 128


# Interrupted, and several at the same time


FETCHES = """
import sys
import npmobile as nm
try:
    nm.fetch(sys.argv[1])
except KeyboardInterrupt:
    print("interrupted")
"""


def fetches(name=NAME, code=FETCHES):
    return subprocess.Popen(
        [sys.executable, "-c", code, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_download_leaves_nothing(server, cache, how):
    begun = threading.Event()
    slow = answer(2_000_000, bytes(100_000), 0.1)

    def send(handler):
        begun.set()
        slow(handler)

    server.answers[WEIGHTS] = send
    process = fetches()
    assert begun.wait(30)
    time.sleep(0.3)
    process.send_signal(how)
    output, errors = process.communicate()
    assert kept(cache) == []
    assert "Traceback" not in errors
    assert (process.returncode, output) == ((0, "interrupted\n") if how == signal.SIGINT else (-how, ""))


FETCHES_AND_LOADS = """
import sys, time
import npmobile as nm
for _ in range(5):
    path = nm.fetch(sys.argv[1])
    nm.load(path)
    path.with_name(path.name + ".sha256").unlink(missing_ok=True)  # so that the next fetch is done again
"""


def test_processes_that_fetch_and_load_the_same_file(server, cache):
    processes = [fetches(code=FETCHES_AND_LOADS) for _ in range(3)]
    for process in processes:
        output, errors = process.communicate()
        assert (process.returncode, errors[-300:] if process.returncode else "") == (0, "")
    assert [name for name in kept(cache) if name.endswith(".part")] == []


def test_threads_that_fetch_and_load_the_same_file(server, cache):
    errors = []

    def work():
        try:
            assert nm.load(nm.fetch(NAME)).labels[281] == "thing 281"
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert kept(cache) == ["imagenet_class_index.json", "imagenet_class_index.json.sha256", FILE, f"{FILE}.sha256"]


def test_the_part_file_of_a_killed_fetch_is_deleted(cache):
    cache.mkdir()
    part = cache / f"{FILE}.0123456789abcdef.part"
    part.write_bytes(b"half")
    os.utime(part, (0, 0))
    nm.fetch(NAME)
    assert [name for name in kept(cache) if name.endswith(".part")] == []


# Where it is kept


def test_without_a_home_the_message_names_the_variable(server, monkeypatch, tmp_path):
    monkeypatch.delenv("NPMOBILE_CACHE", raising=False)
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "LOCALAPPDATA", "HOMEDRIVE", "HOMEPATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # as it does for a user without a name
    monkeypatch.chdir(tmp_path)
    if os.name == "posix":
        with pytest.raises(
            OSError, match=r"^there is no home folder to keep files in: set NPMOBILE_CACHE to a folder$"
        ):
            nm.fetch(NAME)
        assert os.listdir(tmp_path) == []
    assert server.asked == []


def test_a_folder_that_cannot_be_made(server, monkeypatch, tmp_path):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("NPMOBILE_CACHE", str(tmp_path / "file" / "cache"))
    with pytest.raises(OSError, match=r"cache cannot be made \(.*\): set NPMOBILE_CACHE to another folder"):
        nm.fetch(NAME)
    assert server.asked == []


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


def test_in_a_browser_one_sentence_says_what_to_do_instead(server, cache, monkeypatch):
    monkeypatch.setattr(sys, "platform", "emscripten")
    with pytest.raises(OSError, match="a browser cannot fetch this file: download it, add it to the list of files"):
        nm.fetch(NAME)
    assert server.asked == []


def test_without_h5py_nothing_is_asked(server, cache, monkeypatch):
    monkeypatch.setitem(sys.modules, "h5py", None)
    with pytest.raises(ImportError, match=r'fetching needs h5py: pip install "npmobile\[pretrained\]"'):
        nm.fetch(NAME)
    assert (server.asked, kept(cache)) == ([], [])


def test_without_a_mirror_it_comes_from_google(cache, monkeypatch):
    def receive(url):
        raise OSError(url)

    monkeypatch.delenv("NPMOBILE_MIRROR")
    monkeypatch.setattr(fetching, "_receive", receive)
    address = "https://storage.googleapis.com/tensorflow/keras-applications/mobilenet/mobilenet_2_5_128_tf.h5"
    with pytest.raises(OSError, match=f"^{re.escape(address)}$"):
        nm.fetch(NAME)


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
