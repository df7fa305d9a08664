"""How messages leave: a file, a webhook of the DingTalk kind, a gateway for text messages. A drill's go nowhere.

One thread takes what waits in every world, sends it outside all locks, and writes down what became of it. A message
may go twice, with the same id; it never goes unproved. `phone` is no channel of ours: people call and write it down.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

import httpx
import structlog
from sqlalchemy import Engine

from command.callout_outbox import RECORDER, Envelope, Result, due, settle
from gis_data.clock import real_now
from gis_data.settings import Settings
from gis_data.world import World, worlds
from web.feeds import Feeds

LOOK_S = 1.0
TIMEOUT_S = 5.0
AT_ONCE = 8
log = structlog.get_logger()


class Refused(Exception):
    """The other side did not take a message; said without addresses or numbers. `final`: it never will."""

    def __init__(self, said: str, *, final: bool = False) -> None:
        super().__init__(said)
        self.final = final


class Channel(Protocol):
    """A way out."""

    def send(self, world: World, message: Envelope) -> dict[str, object]:
        """Send, or raise; the answer is the receipt but for its time."""


def _receipt(message_id: str, status: object, answer: bytes) -> dict[str, object]:
    return {"message_id": message_id, "status": status, "sha256": hashlib.sha256(answer).hexdigest()}


class File:
    """Messages as JSON files in the data directory: needs no network. The same id is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, world: World, message: Envelope) -> dict[str, object]:
        """Write it whole or not at all, and see it onto the disk."""
        folder = self.folder / world.name / f"{message.made_at:%Y%m%d}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        said = {
            "id": str(message.id), "mode": message.mode, "to": message.to_name, "title": message.title,
            "text": message.text, "made_at": message.made_at.isoformat(),
        }  # fmt: skip
        body = json.dumps(said, ensure_ascii=False, indent=1).encode()
        fresh, file = folder / f".{message.id}", folder / f"{message.id}.json"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(body)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(file)
        return _receipt(str(file.relative_to(self.folder)), "written", body)


class Gateway:
    """A gateway over HTTP: a signed JSON body, the message's id as `Idempotency-Key`."""

    def __init__(self, client: httpx.Client, url: str, secret: str | None) -> None:
        self.client, self.url, self.secret = client, url, secret

    def address(self, now_ms: int) -> Mapping[str, str]:
        """What is added to the address."""
        return {}

    def body(self, message: Envelope) -> dict[str, object]:
        """What is sent."""
        if not message.phone:
            raise Refused("岗位没有电话", final=True)
        return {
            "id": str(message.id), "to": message.phone, "text": message.text, "mode": message.mode,
            "at": message.made_at.isoformat(),
        }  # fmt: skip

    def send(self, world: World, message: Envelope) -> dict[str, object]:
        """POST it; anything but 2xx, or an error code inside, is a refusal."""
        raw = json.dumps(self.body(message), ensure_ascii=False).encode()
        now_ms = int(real_now().timestamp() * 1000)
        headers = {"Content-Type": "application/json; charset=utf-8", "Idempotency-Key": str(message.id)}
        if self.secret:
            signed = hmac.new(self.secret.encode(), f"{now_ms}.".encode() + raw, hashlib.sha256).hexdigest()
            headers |= {"X-Baochu-Timestamp": str(now_ms), "X-Baochu-Signature": f"sha256={signed}"}
        url = httpx.URL(self.url).copy_merge_params(self.address(now_ms))
        answer = self.client.post(url, content=raw, headers=headers)
        if not answer.is_success:
            raise Refused(f"HTTP {answer.status_code}")
        try:
            found = answer.json()
        except ValueError:
            found = None
        found = found if isinstance(found, dict) else {}
        if found.get("errcode") not in (None, 0, "0"):
            raise Refused(f"errcode {found['errcode']}")
        their = found.get("message_id") or found.get("id") or message.id
        return _receipt(str(their), answer.status_code, answer.content)


class Webhook(Gateway):
    """A robot of the DingTalk kind: `timestamp` and `sign` in the address, a text message as the body."""

    def address(self, now_ms: int) -> Mapping[str, str]:
        """The signature: base64 of HMAC-SHA256 over the time and the secret."""
        if not self.secret:
            return {}
        signed = hmac.new(self.secret.encode(), f"{now_ms}\n{self.secret}".encode(), hashlib.sha256).digest()
        return {"timestamp": str(now_ms), "sign": base64.b64encode(signed).decode()}

    def body(self, message: Envelope) -> dict[str, object]:
        """Title and text; whom it is for where it is for one post."""
        to = f"（致{message.to_name}）" if message.to_name else ""
        return {"msgtype": "text", "text": {"content": f"{message.title}{to}\n{message.text}"}}


class Channels:
    """All ways out of this installation, and the thread that sends."""

    def __init__(self, settings: Settings, engine: Engine, feeds: Feeds) -> None:
        self.engine, self.feeds, self.data = engine, feeds, settings.data
        self.client = httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False)
        self.ways: dict[str, Channel] = {"file": File(settings.data / "outbox" / settings.district)}
        for name, kind, url, secret in (
            ("webhook", Webhook, settings.webhook_url, settings.webhook_secret),
            ("sms", Gateway, settings.sms_url, settings.sms_secret),
        ):
            if url:
                key = secret.get_secret_value() if secret else None
                self.ways[name] = kind(self.client, url.get_secret_value(), key)
        self.ending = Event()
        self.thread = Thread(target=self._run, name="channels", daemon=True)
        self.start = self.thread.start

    def stop(self) -> None:
        """Let it end; what waits goes on with the next process."""
        self.ending.set()
        self.thread.join(2 * TIMEOUT_S)
        self.client.close()

    def _run(self) -> None:
        while not self.ending.wait(LOOK_S):
            try:
                while self.once() and not self.ending.is_set():
                    pass
            except Exception as error:  # whatever it is, messages wait and the thread goes on
                log.warning("messages wait", kind=type(error).__name__, error=str(error).splitlines()[:1])

    def once(self) -> int:
        """Send what waits in all worlds, a batch of each; returns how many were tried."""
        tried = 0
        for world in worlds(self.engine):
            if found := due(world, self.data):
                with ThreadPoolExecutor(AT_ONCE) as pool:
                    results = list(pool.map(lambda message, world=world: self._try(world, message), found))
                settle(world, results)
                tried += len(results)
        return tried

    def _try(self, world: World, message: Envelope) -> Result:
        """The gate: of a drill nothing passes to any way out, whatever its message says."""
        if world.kind != "live":
            receipt = _receipt(str(message.id), "recorded", message.text.encode())
            return Result(message.id, receipt | {"real_at": real_now().isoformat()})
        way = self.ways.get(message.channel)
        try:
            if way is None:
                raise Refused("渠道未配置", final=message.channel == RECORDER)
            receipt = way.send(world, message)
        except Refused as error:
            return self._failed(message, str(error), error.final)
        except Exception as error:  # no message holds up another; its words may hold the address
            return self._failed(message, type(error).__name__)
        self.feeds.tell(f"channel {message.channel}", True, "正常", "well")
        return Result(message.id, receipt | {"real_at": real_now().isoformat()})

    def _failed(self, message: Envelope, said: str, final: bool = False) -> Result:
        if not final:
            self.feeds.tell(f"channel {message.channel}", False, f"未送出：{said}", f"not sent: {said}")
        return Result(message.id, problem=said, final=final)
