"""What is said of registers: loaded, changed, taken out, a person's identity read."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class RegisterLoaded(Event):
    """Reference data came in from a source."""

    touches = {"teams": "teams"}

    load_id: int
    source_kind: str
    source: str
    sha256: str
    counts: dict[str, int]
    rejected: int
    teams: list[str]


@dataclass(frozen=True)
class RegisterRowsChanged(Event):
    """Rows of a register were made, changed, closed or reopened by hand."""

    touches = {"teams": "teams"}

    register: str
    action: str
    ids: list[str]
    codes: list[str]
    reason: str
    teams: list[str]


@dataclass(frozen=True)
class PersonRead(Event):
    """Somebody opened the identity block of a person at risk or of a post holder."""

    register: str
    row_id: str
    code: str
    fields: list[str]


@dataclass(frozen=True)
class RegisterExported(Event):
    """Rows of persons were taken out of the system as a file."""

    register: str
    format: str
    rows: int
    filter: str
    fields: list[str]
