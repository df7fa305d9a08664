"""The report chain under any order of commands: numbers rise by one, and nothing that was sent changes."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import Engine, text

from command import incidents, journal, worlds
from command.reports import chain
from command.reports.tables import EventReport
from gis_data.db import reading, writing
from gis_data.demo.xh_mini import NODES
from gis_data.errors import Conflict, Invalid
from gis_data.world import SYSTEM, Actor
from tests.conftest import tries

OFFICER = Actor("operator", "值班员", "operator")
FIRST, WRITTEN = timedelta(minutes=30), timedelta(minutes=60)
_numbers = itertools.count(1)


def _columns(row: EventReport) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in EventReport.__table__.columns}


class Chain(RuleBasedStateMachine):
    """One incident, drafts and reports, and time that passes; the model beside it is a list."""

    engine: Engine

    @initialize(kind=st.sampled_from(["geohazard", "flood", "city_fire"]))
    def begin(self, kind: str) -> None:
        self.world = worlds.create_drill(self.engine, SYSTEM, f"drill-chain{next(_numbers)}", "报送")
        with writing(self.world, OFFICER) as tx:
            incident, _ = incidents.report(tx, incidents.Report(kind, "滑坡", *NODES["C3"]))
            self.incident, self.known = incident.id, tx.at
        self.seen: dict[UUID, dict[str, Any]] = {}
        self.draft: tuple[chain.Said, bool] | None = None

    def teardown(self) -> None:
        if hasattr(self, "world"):
            with reading(self.world) as tx:
                assert journal.verify(tx).broken_at is None
            worlds.drop_drill(self.engine, SYSTEM, self.world.name)

    @property
    def sent(self) -> list[dict[str, Any]]:
        return sorted(self.seen.values(), key=lambda one: one["no"])

    @rule(minutes=st.sampled_from([1, 12, 29, 31, 45]))
    def wait(self, minutes: int) -> None:
        with self.engine.begin() as connection:
            later = f'update "{self.world.schema}".clock set sim0 = sim0 + make_interval(mins => {minutes})'
            connection.execute(text(later))

    @rule(injured=st.integers(0, 120), final=st.booleans())
    def write(self, injured: int, final: bool) -> None:
        said = chain.Said("滑坡", injured=injured)
        ended = bool(self.sent) and self.sent[-1]["kind"] == "final"
        may = not ended and (bool(self.sent) or not final)
        try:
            with writing(self.world, OFFICER) as tx:
                chain.write(tx, self.incident, said, final=final)
            assert may
            self.draft = said, final
        except (Conflict, Invalid):
            assert not may

    @rule(
        channel=st.sampled_from(["phone", "written"]),
        reason=st.sampled_from(["", "中断"]),
        by=st.sampled_from(["", "带班"]),
    )
    def send(self, channel: Literal["phone", "written"], reason: str, by: str) -> None:
        before = self.sent
        limit = FIRST if not before else None
        if limit is None and channel == "written" and all(one["channel"] == "phone" for one in before):
            limit = WRITTEN
        at: datetime | None = None
        try:
            with writing(self.world, OFFICER) as tx:
                at = tx.at
                row = chain.send(tx, self.incident, chain.Sending("市局", channel, by, reason))
                tx.session.flush()
                made = _columns(row)
                assert made["sha256"] == chain.digest(row)
        except (Conflict, Invalid):
            assert at is not None
            late = limit is not None and at > self.known + limit
            assert self.draft is None or (not before and not by) or (late and not reason)
            return
        assert at is not None
        assert self.draft is not None
        late = limit is not None and at > self.known + limit
        assert (made["late"], made["late_reason"]) == (late, reason if late else "")
        assert made["no"] == len(before) + 1
        assert made["kind"] == ("first" if not before else "final" if self.draft[1] else "continued")
        assert made["said"]["injured"] == self.draft[0].injured
        self.draft = None
        self.seen[made["id"]] = made

    @invariant()
    def nothing_that_was_sent_changes(self) -> None:
        if not hasattr(self, "world"):
            return
        with reading(self.world) as tx:
            rows = {row.id: _columns(row) for row in chain.sent(tx.session, self.incident)}
        assert rows == self.seen


@pytest.mark.usefixtures("mini_db")
def test_a_chain_only_grows(mini_db: Engine) -> None:
    Chain.engine = mini_db
    Chain.TestCase.settings = settings(
        max_examples=tries(10), stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    Chain.TestCase().runTest()
