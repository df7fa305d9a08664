"""Tasks: each step from its states alone, two accounts, late once, one's own only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from command import board, journal, tasks
from command.task_tables import Task
from gis_data.db import reading, writing
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.world import Actor, World

OPERATOR = Actor("operator", "值班员", "operator")
COMMANDER = Actor("commander", "总指挥", "commander")
LIAISON = Actor("viewer", "演示城管局", "viewer")


def issue(world: World, organization: str = "演示城管局", minutes: int = 30) -> Task:
    with writing(world, OPERATOR) as tx:
        due = tx.at + timedelta(minutes=minutes)
        return tasks.issue(tx, tasks.NewTask("检查泵站", due, organization=organization))


def step(world: World, task: Task, to: tasks.Step, actor: Actor = OPERATOR, said: str = "已到位") -> Task:
    with writing(world, actor) as tx:
        return tasks.step(tx, task.id, to, said)


def test_a_task_is_verified_by_another_account_and_leaves_the_board(mini: World) -> None:
    task = issue(mini)
    for to in ("received", "in_progress", "done"):
        step(mini, task, to, LIAISON)  # type: ignore[arg-type]
    step(mini, task, "returned", COMMANDER, "缺照片")
    assert step(mini, task, "done", OPERATOR).returns == 1
    with pytest.raises(Denied):
        step(mini, task, "verified", OPERATOR)
    with reading(mini) as tx:
        assert board.items(tx.session, "tasks")[str(task.id)]["state"] == "done"
    step(mini, task, "verified", COMMANDER)
    with pytest.raises(Conflict):
        step(mini, task, "returned", COMMANDER)
    with reading(mini) as tx:
        assert board.items(tx.session, "tasks") == {}
        assert journal.verify(tx).broken_at is None


def test_others_tasks_and_wrong_steps_are_refused(mini: World) -> None:
    task = issue(mini, "演示教育局")
    with pytest.raises(Denied):
        step(mini, task, "received", LIAISON)
    with pytest.raises(Conflict):
        step(mini, task, "verified", COMMANDER)
    with pytest.raises(Invalid), writing(mini, OPERATOR) as tx:
        tasks.issue(tx, tasks.NewTask("检查泵站", tx.at + timedelta(hours=1)))
    with writing(mini, OPERATOR) as tx:
        assert tasks.cancel(tx, task.id, "误发").state == "cancelled"


def test_what_is_late_is_said_once(mini: World) -> None:
    issue(mini)
    tasks.settle(mini)
    with mini.engine.begin() as connection:
        connection.execute(text("update live.clock set sim0 = sim0 + interval '31 minutes'"))
    tasks.settle(mini)
    tasks.settle(mini)
    with reading(mini) as tx:
        assert [e.kind for e in journal.read(tx.session)].count("TasksOverdue") == 1
