"""What happens to tasks, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass

from command.events import Event


@dataclass(frozen=True)
class TasksIssued(Event):
    """Somebody is told to do something; the tasks of one decision are one event."""

    touches = {"tasks": "task_ids"}

    task_ids: list[str]
    source: str


@dataclass(frozen=True)
class TaskStepped(Event):
    """A task was received, begun, spoken of, done, verified or returned."""

    touches = {"tasks": "task_id"}

    task_id: str
    step: str
    text: str


@dataclass(frozen=True)
class TasksEnded(Event):
    """Tasks were cancelled or terminated, with the reason."""

    touches = {"tasks": "task_ids"}

    task_ids: list[str]
    to: str
    reason: str


@dataclass(frozen=True)
class TasksOverdue(Event):
    """Tasks are past their time; said once of each."""

    touches = {"tasks": "task_ids"}

    task_ids: list[str]


@dataclass(frozen=True)
class AttachmentAdded(Event):
    """A file was attached; of its content the journal holds the hash."""

    touches = {"tasks": "tasks"}

    attachment_id: str
    of_kind: str
    of_id: str
    sha256: str
    size: int
    tasks: list[str]
