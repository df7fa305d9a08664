"""What a phone may send: each kind of act, read with care, and the command that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from command import callouts, dispatch, hazards, headcounts, incidents, tasks
from command.transfer import persons, registration
from gis_data.db import Writing
from gis_data.errors import Invalid


@dataclass(frozen=True)
class Act:
    """What a phone sends: its own number, the kind, when it happened (aware), and what is said."""

    id: UUID
    kind: str
    happened_at: datetime
    body: Mapping[str, Any]


Do = Callable[[Writing, Act], dict[str, Any]]


def _need(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Invalid(f"缺少 {name}。", f"{name} is missing.", field=name)
    return value


def _id(body: Mapping[str, Any], name: str) -> UUID:
    try:
        return UUID(_need(body, name))
    except ValueError as error:
        raise Invalid(f"{name} 格式不对。", f"{name} is no id.", field=name) from error


def _task(tx: Writing, act: Act) -> dict[str, Any]:
    to = _need(act.body, "to")
    if to not in tasks.STEPS:
        raise Invalid("没有这一步骤。", "There is no such step.", field="to")
    task = tasks.step(tx, _id(act.body, "task_id"), to, str(act.body.get("text", "")))  # type: ignore[arg-type]
    return {"state": task.state}


def _dispatch(tx: Writing, act: Act) -> dict[str, Any]:
    row = dispatch.advance(tx, _id(act.body, "dispatch_id"), _need(act.body, "to"), str(act.body.get("note", "")))
    return {"state": row.state}


def _patrol(tx: Writing, act: Act) -> dict[str, Any]:
    register, code, finding, colour = (_need(act.body, name) for name in ("register", "code", "finding", "colour"))
    return {"id": str(hazards.report_patrol(tx, register, code, finding, colour).id)}


def _incident(tx: Writing, act: Act) -> dict[str, Any]:
    if (kind := _need(act.body, "kind")) not in incidents.KINDS:
        raise Invalid("没有这一类别。", "There is no such kind.", field="kind")
    lon, lat = (act.body.get(name) for name in ("lon", "lat"))
    if not all(isinstance(one, int | float) for one in (lon, lat)):
        raise Invalid("请给出位置。", "Say where it is.", field="lon")
    row, _ = incidents.report(
        tx,
        incidents.Report(
            kind, _need(act.body, "title"), lon, lat, place=str(act.body.get("place") or ""),
            note=str(act.body.get("note") or ""), source="field", occurred_at=act.happened_at, id=act.id,
        ),
    )  # fmt: skip
    return {"id": str(row.id), "no": row.no}


def _maybe(body: Mapping[str, Any], name: str) -> Any:
    if (found := body.get(name)) is not None and not isinstance(found, str):
        raise Invalid(f"{name} 格式不对。", f"{name} is no text.", field=name)
    return found


def _list(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = body.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Invalid(f"{name} 格式不对。", f"{name} is no list of codes.", field=name)
    return tuple(found)


def _count(body: Mapping[str, Any], name: str) -> int:
    found = body.get(name)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Invalid(f"{name} 须为整数。", f"{name} must be a whole number.", field=name)
    return found


def _evidence(body: Mapping[str, Any]) -> Any:
    if (found := body.get("evidence", "manual")) not in ("scan", "manual"):
        raise Invalid("凭据须为扫码或手工。", "The evidence is a scan or by hand.", field="evidence")
    return found


def _transfer(tx: Writing, act: Act) -> dict[str, Any]:
    body, to = act.body, _need(act.body, "to")
    if to not in persons.STEPS:
        raise Invalid("没有这一步骤。", "There is no such step.", field="to")
    said = persons.Said(
        to, _list(body, "households"), _list(body, "persons"), _evidence(body), act.happened_at,
        _maybe(body, "destination"), _maybe(body, "shelter_code"), str(body.get("note") or ""),
    )  # fmt: skip
    return persons.step(tx, _id(body, "order_id"), act.id, said)


def _registration(tx: Writing, act: Act) -> dict[str, Any]:
    body, leaves = act.body, _maybe(act.body, "to")
    if leaves not in (None, *get_args(registration.Leaves)):
        raise Invalid("没有这一去向。", "There is no such place to go.", field="to")
    row = registration.Row(
        "out" if leaves else "in", str(_maybe(body, "code") or ""), _list(body, "persons"),
        _count(body, "unlisted") if "unlisted" in body else 0, str(_maybe(body, "needs") or ""),
        bool(body.get("kits")), leaves, act.happened_at,
    )  # fmt: skip
    return registration.register(tx, _need(act.body, "shelter"), act.id, [row], _evidence(act.body))


def _heads(tx: Writing, act: Act) -> dict[str, Any]:
    watch = headcounts.count(tx, _id(act.body, "dispatch_id"), _count(act.body, "counted"))
    return {"expected": watch.expected, "counted": watch.counted}


def _call(tx: Writing, act: Act) -> dict[str, Any]:
    to = _need(act.body, "to")
    if to not in callouts.STEPS:
        raise Invalid("没有这一步骤。", "There is no such step.", field="to")
    said = str(act.body.get("text") or "")
    row = callouts.step(tx, _id(act.body, "callout_id"), _id(act.body, "record_id"), to, said)  # type: ignore[arg-type]
    return {"state": row.state}


KINDS: dict[str, tuple[str, str, Do]] = {
    "callout": ("叫应反馈", "call-out", _call),
    "transfer": ("转移登记", "transfer", _transfer),
    "registration": ("避灾登记", "registration", _registration),
    "headcount": ("清点人数", "head count", _heads),
    "incident": ("险情上报", "incident", _incident),
    "task": ("任务回执", "task", _task),
    "dispatch": ("出动反馈", "dispatch", _dispatch),
    "patrol": ("巡查报告", "patrol", _patrol),
}
"""Kind → its words, and the command that does it."""
