"""Tasks over HTTP: lists, steps of those whose they are, evidence before done, files that come back as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from command import attachments
from gis_data.db import writing
from gis_data.world import SYSTEM, get_world
from tests.conftest import TOWN, Person

LIVE = "/api/worlds/live"
TASKS = f"{LIVE}/tasks"
PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400


def issue(person: Person, **more: Any) -> Any:
    due = datetime.now(UTC) + timedelta(hours=1)
    body = {"text_zh": "检查泵站", "organization": "viewer岗", "due_at": due.isoformat()}
    return person.post(TASKS, **body | more)


def send(person: Person, task: Any, raw: bytes, status: int = 201, name: str = "照片.jpg", **more: Any) -> Any:
    answer = person.client.post(f"{TASKS}/{task['id']}/attachments", content=raw, params={"name": name} | more)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_task_goes_its_way_with_evidence(people: Callable[[str], Person], data_dir: Path) -> None:
    operator, liaison, commander = people("operator"), people("viewer"), people("commander")
    task = issue(operator, evidence_needed="现场照片")
    step = f"{TASKS}/{task['id']}/steps"
    assert liaison.post(step, 200, to="received")["received_by"] == "viewer岗"
    assert liaison.post(step, 422, to="done", text="已检查")["field"] == "without"
    file = send(liaison, task, PHOTO, taken_at="2026-07-01T10:00:00+08:00")
    assert (file["sha256"], file["size"]) == (hashlib.sha256(PHOTO).hexdigest(), len(PHOTO))
    assert send(liaison, task, PHOTO)["id"] == file["id"]
    assert liaison.post(step, 200, to="done", text="已检查")["state"] == "done"
    assert operator.get(f"{LIVE}/board")["tasks"][task["id"]]["attachments"] == 1
    assert commander.post(step, 200, to="verified")["ended_by"] == "commander岗"
    assert operator.get(f"{LIVE}/board")["tasks"] == {}
    found = operator.get(f"{TASKS}/{task['id']}")
    assert [note["step"] for note in found["notes"]] == ["received", "done", "verified"]
    back = operator.client.get(f"{LIVE}/attachments/{found['files'][0]['id']}")
    assert back.content == PHOTO
    assert back.headers["content-disposition"].startswith("attachment;")
    kept = data_dir / "attachments" / file["sha256"][:2] / file["sha256"]
    assert kept.read_bytes() == PHOTO


def test_without_a_file_the_reason_is_kept(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    task = issue(operator, evidence_needed="现场照片")
    operator.post(f"{TASKS}/{task['id']}/steps", 200, to="in_progress")
    done = operator.post(f"{TASKS}/{task['id']}/steps", 200, to="done", text="已检查", without="手机进水")
    assert done["feedback"] == "已检查（无附件：手机进水）"


def test_tasks_are_listed_by_whose_and_what_they_are(people: Callable[[str], Person]) -> None:
    operator, field = people("operator"), people("field")
    lon, lat = 120.1, 30.25
    about = operator.post(f"{LIVE}/incidents", kind="flood", title="积水", lon=lon, lat=lat)
    first = issue(operator, incident_id=about["id"])
    town = issue(operator, organization="演示镇", town=TOWN)
    issue(operator, organization="演示教育局")
    assert len(operator.get(TASKS)) == 3
    assert [one["id"] for one in operator.get(TASKS, incident=about["id"])] == [first["id"]]
    assert [one["id"] for one in operator.get(TASKS, organization="演示镇")] == [town["id"]]
    assert [one["id"] for one in field.get(TASKS, mine=True)] == [town["id"]]
    assert [one["id"] for one in people("viewer").get(TASKS, mine=True)] == [first["id"]]
    assert operator.get(TASKS, late=True) == []
    operator.get(TASKS, 422, organization="\0")
    field.post(f"{TASKS}/{first['id']}/steps", 403, to="received")
    send(field, first, PHOTO, 403)
    operator.post(f"{TASKS}/{town['id']}/cancel", 200, reason="误发")
    operator.post(f"{TASKS}/{town['id']}/cancel", 409, reason="误发")
    assert len(operator.get(TASKS)) == 2
    assert len(operator.get(TASKS, ended=True)) == 3


def test_files_of_other_kinds_or_sizes_are_refused_and_personal_ones_are_kept_close(
    people: Callable[[str], Person], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator, field = people("operator"), people("field")
    task = issue(operator, organization="演示镇", town=TOWN)
    assert send(operator, task, PHOTO, 422, "run.exe")["field"] == "name"
    assert send(operator, task, b"MZ not a photo", 422)["field"] == "file"
    assert send(operator, task, b"", 422)["field"] == "file"
    monkeypatch.setattr(attachments, "MOST_BYTES", 50_000)
    assert send(operator, task, PHOTO, 422)["field"] == "file"
    monkeypatch.undo()
    assert not list((data_dir / "attachments").glob(".*"))
    list_ = send(field, task, PHOTO, confidentiality="personal")
    assert field.client.get(f"{LIVE}/attachments/{list_['id']}").status_code == 200
    operator.get(f"{LIVE}/attachments/{list_['id']}", 403)
    said = [one["zh"] for one in operator.get(f"{LIVE}/journal") if one["kind"] == "AttachmentAdded"]
    assert said
    assert not any("照片" in one for one in said)


def test_what_was_said_is_never_changed(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator = people("operator")
    task = issue(operator)
    operator.post(f"{TASKS}/{task['id']}/steps", 200, to="received")
    for table in ("task_note", "attachment"):
        with pytest.raises(ProgrammingError), writing(get_world(mini_db, "live"), SYSTEM) as tx:
            tx.session.execute(text(f"update live.{table} set recorded_at = now()"))
