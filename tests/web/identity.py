"""OpenID providers on loopback: a real one in a process of its own, and a dishonest one that signs what it is told."""

from __future__ import annotations

import hmac
import json
import re
import subprocess
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.conftest import wait_for

SECRET = "a secret / of both"


@contextmanager
def provider(port: int, redirect: str) -> Iterator[str]:
    """A provider that follows the standard; gives its issuer."""
    script = Path(__file__).with_name("oidc_provider.mjs")
    process = subprocess.Popen(
        ["node", str(script), str(port), redirect], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    issuer = f"http://127.0.0.1:{port}"

    def ready() -> bool:
        assert process.poll() is None, "the provider does not start: is node there, and npm ci done?"
        try:
            return httpx.get(f"{issuer}/.well-known/openid-configuration").status_code == 200
        except httpx.HTTPError:
            return False

    try:
        wait_for(ready, 30)
        yield issuer
    finally:
        process.terminate()
        process.wait(10)


def sign_in(address: str, name: str, *, give_up: bool = False) -> str:
    """What a person does at the provider, from the address they are sent to; gives the address they come back with."""
    with httpx.Client() as browser:
        answer = browser.get(address)
        for _ in range(12):
            if answer.is_redirect:
                there = urljoin(str(answer.url), answer.headers["location"])
                if not there.startswith(str(httpx.URL(address).copy_with(raw_path=b"/"))):
                    return there
                answer = browser.get(there)
                continue
            assert answer.status_code == 200, answer.text
            if give_up:
                link = re.search(r'href="([^"]+/abort)"', answer.text)
                assert link, answer.text
                answer = browser.get(urljoin(str(answer.url), unescape(link[1])))
                continue
            action = re.search(r'action="([^"]+)"', answer.text)
            prompt = re.search(r'name="prompt" value="(\w+)"', answer.text)
            assert action, answer.text
            assert prompt, answer.text
            filled = {"prompt": prompt[1], "login": name, "password": "any"}
            answer = browser.post(urljoin(str(answer.url), unescape(action[1])), data=filled)
    raise AssertionError("the provider sends us round and round")


class Forger:
    """A provider that says whatever a test wants: the `claims` of the next token, its `alg`, the `key` that signs.

    An HS256 token is signed with the public key's text as if it were a shared secret.
    """

    def __init__(self) -> None:
        self.own = RSAKey.generate_key(2048, {"kid": "own"})
        self.other = RSAKey.generate_key(2048, {"kid": "own"})
        self.key = self.own
        self.alg = "RS256"
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, Any] = {}
        self.issuer = ""

    def token(self) -> str:
        """The ID token."""
        header = {"alg": self.alg, "kid": "own"}
        if self.alg == "RS256":
            return jwt.encode(header, self.claims, self.key)
        signed = ".".join(_plain(json.dumps(part).encode()) for part in (header, self.claims))
        mark = hmac.digest(self.own.as_pem(private=False), signed.encode(), "sha256") if self.alg == "HS256" else b""
        return f"{signed}.{_plain(mark)}"

    def answer(self, path: str) -> dict[str, Any]:
        """What each address of a provider says."""
        if path.endswith("/openid-configuration"):
            addresses = {"authorization": "/auth", "token": "/token"}
            return {
                "issuer": self.issuer,
                "jwks_uri": f"{self.issuer}/keys",
                **{f"{name}_endpoint": self.issuer + at for name, at in addresses.items()},
            }
        if path == "/keys":
            return {"keys": [self.own.as_dict(private=False)]}
        return {"id_token": self.token(), "access_token": "x", "token_type": "Bearer"}


def _plain(part: bytes) -> str:
    return urlsafe_b64encode(part).rstrip(b"=").decode()


@contextmanager
def forger() -> Iterator[Forger]:
    """A dishonest provider, listening."""
    made = Forger()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(made.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            made.asked = {"body": self.rfile.read(int(self.headers["Content-Length"])).decode()}
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
