"""A tile server for tests, as a process of its own: XYZ and WMTS, and all that goes wrong. Prints its port.

Paths: `/xyz/z/x/y.png`, `/vec_w/wmts?…&tk=`, `/slow/…`, `/html/…`, `/hole/…`, `/away/…`; `/asked` tells what was asked.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "a-good-key"


@contextmanager
def tile_server() -> Iterator[str]:
    """The server's address, while it runs as a process of its own."""
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    finally:
        process.terminate()
        process.wait(10)


asked: list[str] = []


def png(red: int, green: int, blue: int, side: int = 256) -> bytes:
    """A plain square, with a grid line at its edge."""
    edge, inner = bytes((90, 90, 90)), bytes((red, green, blue))
    rows = b"".join(b"\0" + (edge * side if y == 0 else edge + inner * (side - 1)) for y in range(side))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Tiles(BaseHTTPRequestHandler):
    """One answer a path."""

    def do_GET(self) -> None:
        """Answer, and remember what was asked."""
        parts = urlsplit(self.path)
        kind, query = parts.path.split("/")[1], parse_qs(parts.query)
        if kind == "asked":
            return self._say(200, "application/json", json.dumps(asked).encode())
        asked.append(self.path)
        if kind == "xyz":
            return self._say(200, "image/png", png(200, 214, 220))
        if kind.endswith("_w"):
            if query.get("tk") != [KEY]:
                return self._say(403, "application/json", b'{"msg": "no right"}')
            wanted = {"REQUEST": ["GetTile"], "TILEMATRIXSET": ["w"], "LAYER": [kind[:-2]]}
            good = all(query.get(name) == value for name, value in wanted.items())
            return self._say(200 if good else 400, "image/png", png(238, 232, 213))
        if kind == "slow":
            time.sleep(5)
            return self._say(200, "image/png", png(0, 0, 0))
        if kind == "away":
            self.send_response(302)
            self.send_header("Location", "/xyz/1/1/1.png")
            return self.end_headers()
        return self._say(404 if kind == "hole" else 200, "text/html", b"<html>log in</html>")

    def _say(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Tiles)
    server.daemon_threads = True
    print(server.server_port)
    sys.stdout.flush()
    server.serve_forever()
