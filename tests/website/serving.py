"""A web server for the built site, and a proxy that answers nothing and notes who wanted to leave the machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Quiet(SimpleHTTPRequestHandler):
    """As `python -m http.server`, without its log."""

    def log_message(self, *args):
        pass


@contextmanager
def running(handler) -> Iterator[str]:
    """A server on a free port of this machine, as "127.0.0.1:8000"."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def serving(folder: Path):
    """A server of static files."""
    return running(partial(Quiet, directory=str(folder)))


@contextmanager
def proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that refuses everything, and the list of what it was asked for."""
    asked: list[str] = []

    class Refuse(BaseHTTPRequestHandler):
        def refuse(self):
            asked.append(f"{self.command} {self.path}")
            self.send_error(403)

        do_GET = do_POST = do_CONNECT = do_HEAD = do_OPTIONS = refuse

        def log_message(self, *args):
            pass

    with running(Refuse) as address:
        yield address, asked
