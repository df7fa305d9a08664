"""Replay: any moment of the board again, from the journal alone, the same to the letter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, text

from command import board, closures, dispatch, incidents, replay, worlds
from gis_data.db import reading, writing
from gis_data.demo.xh_mini import NODES
from gis_data.world import SYSTEM, Actor, World
from tests.conftest import Person, app_on, middle

COMMANDER = Actor("commander", "总指挥", "commander")


def _act(world: World) -> list[tuple[int, Any, str]]:
    """Some work; after each command the position, the moment and the hash of the board as it is read then."""
    seen = []

    def mark() -> None:
        with reading(world) as tx:
            now = board.snapshot(tx)
            seen.append((now["seq"], tx.at, replay.board_hash({name: now[name] for name in board.COLLECTIONS})))

    mark()
    lon, lat = NODES["C3"]
    with writing(world, COMMANDER) as tx:
        incident, _ = incidents.report(tx, incidents.Report("flood", "积水", lon, lat))
    mark()
    with writing(world, COMMANDER) as tx:
        who = next(iter(board.items(tx.session, "teams")))
        dispatch.order(tx, incident.id, UUID(who), "就近")
    mark()
    with writing(world, COMMANDER) as tx:
        closures.close(tx, *middle("N2–N3"), "积水")
    mark()
    return seen


@pytest.fixture
def people(mini_db: Engine, data_dir: Any) -> Iterator[Callable[[str], Person]]:
    with app_on(mini_db, data_dir) as client:
        yield lambda role: Person(client).beside().log_in(role)


def test_every_moment_comes_again_from_an_empty_board(mini: World, tmp_path: Path) -> None:
    drill = worlds.create_drill(mini.engine, SYSTEM, "drill-again", "复盘")
    for world in (mini, drill):
        for seq, at, digest in _act(world):
            with reading(world) as tx:
                assert replay.entry_at(tx, at) == seq
                assert replay.past(tx, seq, tmp_path / world.schema).hash == digest


def test_kept_boards_are_used_and_worth_nothing_in_another_journal(
    mini: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "EVERY", 2)
    seen = _act(mini)
    with reading(mini) as tx:
        whole = replay.past(tx, seen[-1][0], tmp_path / "cold")
    replay.keep_up(mini, tmp_path)
    with reading(mini) as tx:
        files = sorted(tmp_path.glob("*-*"))
        assert max(int(file.name.partition("-")[0]) for file in files) == seen[-1][0] // 2 * 2
        again = replay.past(tx, seen[-1][0], tmp_path)
    assert whole.hash == again.hash == seen[-1][2]
    for file in files:  # as left behind by a database that was put back from a backup
        file.rename(file.with_name(file.name.partition("-")[0] + "-0123456789abcdef"))
    with reading(mini) as tx:
        assert replay.past(tx, seen[-1][0], tmp_path).hash == seen[-1][2]


def test_a_marked_situation_has_the_hash_of_its_replay(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator, live = people("operator"), "/api/worlds/live"
    operator.post(f"{live}/incidents", 201, kind="flood", title="积水", lon=NODES["C3"][0], lat=NODES["C3"][1])
    kept = operator.post(f"{live}/situations", 201, note="18 时")
    incident = operator.post(
        f"{live}/incidents", 201, kind="flood", title="又一处", lon=NODES["C4"][0], lat=NODES["C4"][1]
    )
    found = operator.get(f"{live}/replay", seq=kept["seq"])
    assert found["hash"] == kept["hash"]
    assert [one["title"] for one in found["collections"]["incidents"].values()] == ["积水"]
    by_time = operator.get(f"{live}/replay", at=kept["at"])
    assert by_time["hash"] == kept["hash"]
    follows = operator.get(f"{live}/replay/patches", after=kept["seq"])
    assert incident["id"] in follows[-1]["put"]["incidents"]
    span = operator.get(f"{live}/replay/span", steps=10)
    assert sum(span["steps"]) == span["seq"] == follows[-1]["seq"]
    with mini_db.begin() as connection:
        words = connection.scalar(text("select body from live.journal where kind = 'SituationKept'"))
    assert kept["hash"] in json.dumps(words)


def test_there_is_no_board_before_the_first_entry_or_after_the_last(people: Callable[[str], Person]) -> None:
    viewer, live = people("viewer"), "/api/worlds/live/replay"
    assert viewer.get(live, 404, at="2000-01-01T00:00:00Z")["field"] == "seq"
    assert viewer.get(live, 404, seq=10**6)["field"] == "seq"
    assert viewer.get(live, 422, at="2026-01-01T00:00:00")["field"] == "at"
    assert viewer.get(live, 422)["field"] == "at"
