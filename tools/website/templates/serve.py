"""Serve this folder to the browser of this computer, for example from a USB stick: python serve.py

Another port than 8000: python serve.py 8001. To end it: Ctrl+C.
"""

import sys
from contextlib import suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# On Windows a program may have registered other types for these endings, with which a browser refuses the files.
SimpleHTTPRequestHandler.extensions_map.update(
    {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".css": "text/css"}
)
port = int(sys.argv[1]) if len(sys.argv) > 1 else 8000
handler = partial(SimpleHTTPRequestHandler, directory=str(Path(__file__).parent))
with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
    print(f"Open http://127.0.0.1:{server.server_port}/ in a browser. Ctrl+C ends it.", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve_forever()
