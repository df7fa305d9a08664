"""Plan editions: the handbook's numbers of actions, errors that name row and field, kept once and for good."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import ProgrammingError

from command import journal
from command.responses import plans as kept
from gis_data.db import reading, writing
from gis_data.demo.plans import plans
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.plans import read
from gis_data.tables import PlanEdition
from gis_data.world import SYSTEM, Actor, get_world

FLOOD = plans()[0].decode()


def test_the_demo_plans_have_the_handbooks_actions() -> None:
    found = {plan.head["track"]: Counter(one["level"] for one in plan.actions) for plan in map(read, plans())}
    assert set(found) == {"flood", "typhoon", "geohazard", "forest_fire"}
    for track in ("flood", "typhoon"):
        assert (found[track][4], found[track][3]) == (18, 11)
    for plan in map(read, plans()):
        assert plan.head["is_demo"]
        assert {one["level"] for one in plan.levels} == {one["level"] for one in plan.rules} == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("said", "other", "field", "row"),
    [
        ("colour: yellow", "colour: pink", "rules.when.any.1.all.1.warning.colour", 1),
        ("hours: 3, mm: 60", "hours: 5, mm: 60", "rules.when.any.1.all.2.any.1.rain.hours", 1),
        ("hours: 3, mm: 60", "hours: 3", "rules.when.any.1.all.2.any.1.rain.mm", 1),
        ("rain: {by", "snow: {by", "rules.when.any.1.all.2.any.1.snow", 1),
        ("at_least: 2", "at_least: 9", "rules.when.any.1.all.2.at_least", 2),
        ("over: warning", "over: warning, above_m: 3", "rules.when.any.1.all.2.any.3.water_level.over", 1),
        ("due_min: 30", "due_min: soon", "actions.due_min", 1),
        ("no: Ⅳ-02", "no: Ⅳ-01", "actions.no", 2),
        ("no: Ⅳ-03\n    level: 4", "no: Ⅳ-03\n    level: 5", "actions.level", 3),
        ("level_bound: true", "level_bound: yes", "actions.level_bound", 1),
        ("    hours: 24", "    hours: 0", "levels.hours", 1),
        ("  track: flood", "  track: 防汛", "plan.track", None),
        ("  edition: DEMO-2026", "", "plan.edition", None),
        ('"330106"', "330106", "plan.jurisdiction", None),
        ("is_demo: true", "is_demo: true\n  is_demo: false", "file", None),
        ("track_zh: 防汛", "track_zh: &a 防汛\n  organ: *a", "file", None),
        ("levels:", "stages:", "stages", None),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_field(said: str, other: str, field: str, row: int | None) -> None:
    assert said in FLOOD
    with pytest.raises(Invalid) as wrong:
        read(FLOOD.replace(said, other, 1).encode())
    assert (wrong.value.field, wrong.value.row) == (field, row)


def test_an_edition_is_kept_once_and_never_changed(empty_db: Engine) -> None:
    live = get_world(empty_db, "live")
    row, new = kept.load(empty_db, FLOOD.encode(), SYSTEM)
    assert new
    same, new = kept.load(empty_db, (FLOOD + "\n# a word more\n").encode(), SYSTEM)
    assert (same.id, new) == (row.id, False)
    with pytest.raises(Conflict) as refused:
        kept.load(empty_db, FLOOD.replace("due_min: 30", "due_min: 31", 1).encode(), SYSTEM)
    assert refused.value.field == "plan.edition"
    with pytest.raises(Denied):
        kept.load(empty_db, FLOOD.encode(), Actor("operator", "值班员", "operator"))
    with pytest.raises(ProgrammingError), writing(live, SYSTEM) as tx:
        tx.session.execute(text("update gis.plan_edition set title = 'x'"))
    later = FLOOD.replace("edition: DEMO-2026", "edition: DEMO-2027").replace("2021-01-01", "2021-02-01")
    kept.load(empty_db, later.encode(), SYSTEM)
    with reading(live) as tx:
        assert [one.edition for one in kept.in_force(tx.session, tx.at).values()] == ["DEMO-2027"]
        assert len(tx.session.scalars(select(PlanEdition)).all()) == 2
        assert [entry.kind for entry in journal.read(tx.session)].count("PlanLoaded") == 2
        assert kept.said(row).key == ("flood", "330106", "DEMO-2026")
