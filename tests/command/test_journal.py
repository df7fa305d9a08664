"""The journal: without gaps, chained, append-only, and what it says when somebody has been at it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from command import incidents, journal
from gis_data.db import reading, writing
from gis_data.demo.xh_mini import NODES
from gis_data.world import Actor, World

OPERATOR = Actor("operator", "值班员", "operator")


def _report(world: World, title: str) -> int:
    lon, lat = NODES["C3"]
    with writing(world, OPERATOR) as tx:
        incidents.report(tx, incidents.Report("flood", title, lon, lat))
        return journal.position(tx.session)


def test_writers_at_once_leave_no_gap_and_no_double(mini: World) -> None:
    with reading(mini) as tx:
        start = journal.position(tx.session)
    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(pool.map(lambda n: _report(mini, f"积水 {n}"), range(40)))
    assert numbers == list(range(start + 1, start + 41))
    with reading(mini) as tx:
        verdict = journal.verify(tx)
    assert (verdict.entries, verdict.broken_at) == (start + 40, None)


@pytest.mark.parametrize("statement", ["update live.journal set kind = 'x'", "delete from live.journal"])
def test_the_worlds_role_can_only_append(mini: World, statement: str) -> None:
    _report(mini, "积水")
    with pytest.raises(ProgrammingError, match="permission denied"), writing(mini, OPERATOR) as tx:
        tx.session.execute(text(statement))


@pytest.mark.parametrize(
    "tamper",
    [
        "update live.journal set post = '别人' where seq = :seq",
        "update live.journal set at = at + interval '1 microsecond' where seq = :seq",
        "update live.journal set body = replace(body::text, '积水 2', '积水 9')::json where seq = :seq",
        "delete from live.journal where seq = :seq",
    ],
)
def test_tampering_is_found_where_it_was_done(mini: World, tamper: str) -> None:
    numbers = [_report(mini, f"积水 {n}") for n in range(4)]
    with mini.engine.begin() as connection:  # the owner of the database, past every grant
        assert connection.execute(text(tamper), {"seq": numbers[2]}).rowcount == 1
    with reading(mini) as tx:
        assert journal.verify(tx).broken_at == numbers[2]


def test_a_refused_command_leaves_nothing(mini: World) -> None:
    before = _report(mini, "积水")

    def stopped_half_way() -> None:
        with writing(mini, OPERATOR) as tx:
            incidents.report(tx, incidents.Report("flood", "半途", *NODES["C1"]))
            tx.session.execute(text("no such statement"))

    with pytest.raises(ProgrammingError):
        stopped_half_way()
    assert _report(mini, "之后") == before + 1
