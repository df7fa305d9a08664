"""What happens to call-outs and to messages that leave the system, in the past tense.

What was said stays in the world's own entries; the journal holds its hash, for people's words may name people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from command.events import Event


@dataclass(frozen=True)
class CallOutMade(Event):
    """Posts are called for a cause, one record each."""

    touches = {"callouts": "callout_id"}

    callout_id: str
    why: str
    why_id: str | None
    posts: list[str]
    ladder: list[dict[str, Any]]


@dataclass(frozen=True)
class CallStepped(Event):
    """A post was tried in vain, answered, read back, reported its action, or was verified."""

    touches = {"callouts": "callout_id"}

    callout_id: str
    record_id: str
    post: str
    step: str
    channel: str
    whom: str
    text_sha256: str


@dataclass(frozen=True)
class CallEscalated(Event):
    """Posts that did not answer in time are tried another way, or no way is left (`to` none); once each."""

    touches = {"callouts": "callout_id"}

    callout_id: str
    records: list[dict[str, Any]]
    """`post`, `from` and `to` as channels, `target`."""


@dataclass(frozen=True)
class CallOutClosed(Event):
    """All posts are verified, or somebody ended it with the reason."""

    touches = {"callouts": "callout_id"}

    callout_id: str
    verified: int
    posts: int
    reason: str


@dataclass(frozen=True)
class MessagesSent(Event):
    """Messages left by their channels; the other side's answers by their hashes."""

    receipts: list[dict[str, Any]]


@dataclass(frozen=True)
class MessagesFailed(Event):
    """Messages did not get out: at the first failure, and when no more tries are made."""

    failures: list[dict[str, Any]]


@dataclass(frozen=True)
class MessageDelivered(Event):
    """A gateway said later whether a message was delivered; whether it was answered is another thing."""

    touches = {"callouts": "callouts"}

    callouts: list[str]
    message_id: str
    gateway: str
    status: str
