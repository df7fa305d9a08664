"""Warnings in a world: messages once, chains whatever the order, eight fields, drills apart, running out."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from command import board, journal, warnings, worlds
from command.hazard_tables import WarningRow
from command.warning_rows import exported
from gis_data.cluster import Cluster
from gis_data.db import reading, writing
from gis_data.errors import Conflict, Denied, Invalid
from gis_data.sources import cap
from gis_data.sources.cap import Area, Key
from gis_data.sources.cap_warning import INTERNAL, Mode, Signal, signals, to_cap
from gis_data.world import SYSTEM, Actor, World, get_world
from tests.command.slopes import TOWNS, add_slopes, insert, warning
from tests.conftest import _copy, _template

OPERATOR = Actor("operator", "值班员", "operator")
TEN = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
YELLOW = Signal(
    "rainstorm", "yellow", TEN, (Area("西湖区", geocodes=(("GB/T 2260", "330106"),)),),
    "预计未来 6 小时雨量将达 50 毫米以上", "注意防范，停止户外作业", "演示气象台", TEN, "暴雨", "暴雨黄色预警信号",
    TEN + timedelta(hours=6),
)  # fmt: skip
SENDER = "demo@example"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def engine(postgis: Cluster, data_dir: Path) -> Iterator[Engine]:
    """One district of two towns in scope and one that is not."""
    with _copy(postgis, _template(postgis, data_dir, "empty", list)) as engine:
        add_slopes(engine)
        insert(
            engine, "admin_unit", "st_multi(st_makeenvelope(120.1, 30.2, 120.2, 30.3, 4490))", code="330106999",
            name="演示景区", name_en="Demo", level="town", governing_authority="演示", in_scope=False,
        )  # fmt: skip
        yield engine


@pytest.fixture
def world(engine: Engine) -> World:
    """A fresh drill at ten in the morning."""
    made = worlds.create_drill(engine, SYSTEM, f"drill-warn{next(_numbers)}", "预警")
    at(made, TEN)
    return made


def at(world: World, moment: datetime) -> None:
    with world.engine.begin() as connection:
        connection.execute(text(f'update "{world.schema}".clock set sim0 = :at, speed = 0'), {"at": moment})


def message(number: str, mode: Mode = "drill", **other: Any) -> bytes:
    more = {name: other.pop(name) for name in ("kind", "references") if name in other}
    if mode == "live":
        more["status"] = "Actual"
    return to_cap(replace(YELLOW, **{"issued_at": TEN, **other}), mode, SENDER, number, **more)


def refer(number: str, sent: datetime = TEN) -> tuple[Key, ...]:
    return (Key(SENDER, number, sent),)


def receive(world: World, raw: bytes) -> warnings.Received:
    with writing(world, OPERATOR) as tx:
        return warnings.receive(tx, raw)


def enter(world: World, **more: Any) -> WarningRow:
    fields = warning() | {"starts_at": TEN, "issued_at": TEN} | more
    with writing(world, OPERATOR) as tx:
        return warnings.enter(tx, warnings.Typed(**fields | {"units": tuple(fields["units"])}))


def shown(world: World) -> list[dict[str, Any]]:
    with reading(world) as tx:
        return list(board.items(tx.session, "warnings").values())


def said(world: World) -> list[tuple[str, str]]:
    with reading(world) as tx:
        return [(entry.kind, entry.body["zh"]) for entry in journal.read(tx.session, after=1)]  # it was opened first


def test_a_message_shows_on_every_town_in_scope_with_its_eight_fields(world: World) -> None:
    found = receive(world, message("M-1"))
    assert found.new
    (one,) = shown(world)
    assert [town["code"] for town in one["towns"]] == list(TOWNS)
    assert all(120.09 < town["lon"] < 120.12 for town in one["towns"])
    assert (one["kind_zh"], one["colour_zh"], one["level"], one["official"]) == ("暴雨", "黄色", 3, True)
    assert (one["issuer"], one["cautions"], one["measures"]) == (YELLOW.issuer, YELLOW.cautions, YELLOW.measures)
    assert (one["starts_at"], one["issued_at"]) == (TEN.isoformat(), TEN.isoformat())
    assert one["areas"][0]["desc"] == "西湖区"
    assert (one["identifier"], one["state"]) == ("M-1", "in_force")
    assert said(world)[-1] == ("WarningReceived", "收到预警：暴雨黄色预警（演示气象台；西湖区）")


def test_the_same_message_again_is_once_and_another_text_is_refused(world: World) -> None:
    first = receive(world, message("M-1"))
    again = receive(world, message("M-1"))
    assert (again.new, again.message.id) == (False, first.message.id)
    assert [row.id for row in again.warnings] == [row.id for row in first.warnings]
    with pytest.raises(Invalid) as wrong:
        receive(world, message("M-1", measures="别的措施"))
    assert wrong.value.field == "identifier"
    assert len(said(world)) == 1


@pytest.mark.parametrize(
    ("tag", "field", "word"),
    [
        ("instruction", "measures", "应当采取的措施"),
        ("description", "cautions", "警示事项"),
        ("senderName", "issuer", "发布单位"),
    ],
)
def test_a_message_without_one_of_the_fields_names_it(world: World, tag: str, field: str, word: str) -> None:
    raw = message("M-1").decode()
    start, end = raw.index(f"<{tag}>"), raw.index(f"</{tag}>") + len(tag) + 3
    with pytest.raises(Invalid) as wrong:
        receive(world, (raw[:start] + raw[end:]).encode())
    assert (wrong.value.field, word in wrong.value.zh) == (field, True)
    assert shown(world) == []


def test_live_refuses_exercises_and_drills_refuse_what_is_real(world: World, engine: Engine) -> None:
    live = get_world(engine, "live")
    for where, raw, word in ((live, message("M-1"), "演练预警"), (world, message("M-1", "live"), "实战预警")):
        with pytest.raises(Invalid) as wrong:
            receive(where, raw)
        assert (wrong.value.field, word in wrong.value.zh) == ("status", True)
    with pytest.raises(Denied), writing(world, Actor("viewer", "联络员", "viewer")) as tx:
        warnings.receive(tx, message("M-1"))


def test_an_update_replaces_and_a_cancel_lifts(world: World) -> None:
    receive(world, message("M-1"))
    later = TEN + timedelta(minutes=20)
    at(world, later)
    found = receive(world, message("M-2", kind="Update", references=refer("M-1"), colour="orange", issued_at=later))
    assert [(row.colour, row.state) for row in found.warnings] == [("orange", "in_force")]
    assert [(row.colour, row.ended_why, row.ended_by) for row in found.ended] == [("yellow", "replaced", "M-2")]
    assert [one["colour"] for one in shown(world)] == ["orange"]
    assert said(world)[-1][1].endswith("；结束：暴雨黄色预警（演示气象台；西湖区）")
    cancel = message("M-3", kind="Cancel", references=refer("M-2", later), issued_at=later)
    assert receive(world, cancel).warnings == []
    assert shown(world) == []
    with reading(world) as tx:
        assert {row.ended_why for row in tx.session.query(WarningRow)} == {"replaced", "cancelled"}


def test_a_cancel_that_comes_before_its_warning_holds(world: World) -> None:
    receive(world, message("M-2", kind="Cancel", references=refer("M-1")))
    assert "不在有效之列" in said(world)[-1][1]
    (row,) = receive(world, message("M-1")).warnings
    assert (row.state, row.ended_why) == ("ended", "cancelled")
    assert shown(world) == []


def test_somebody_elses_cancel_lifts_nothing(world: World) -> None:
    receive(world, message("M-1"))
    other = to_cap(YELLOW, "drill", "other@example", "X-1", kind="Cancel", references=refer("M-1"))
    receive(world, other)
    assert len(shown(world)) == 1


def test_warnings_begin_and_run_out_by_the_worlds_clock(world: World) -> None:
    hour = timedelta(hours=1)
    receive(world, message("M-1", issued_at=TEN + hour, starts_at=TEN + hour))
    assert shown(world) == []
    assert warnings.settle(world) is False
    at(world, TEN + hour)
    assert warnings.settle(world) is True
    assert len(shown(world)) == 1
    at(world, TEN + 6 * hour)
    assert warnings.settle(world) is True
    assert warnings.settle(world) is False
    assert shown(world) == []
    assert [kind for kind, _ in said(world)] == ["WarningReceived", "WarningBegan", "WarningLifted"]
    assert said(world)[-1][1] == "预警到期：暴雨黄色预警（演示气象台；西湖区）"


def test_a_cancel_sent_ahead_of_time_lifts_when_its_time_comes(world: World) -> None:
    receive(world, message("M-1"))
    later = TEN + timedelta(hours=1)
    receive(world, message("M-2", kind="Cancel", references=refer("M-1"), issued_at=later))
    assert len(shown(world)) == 1
    at(world, later)
    assert warnings.settle(world) is True
    assert shown(world) == []
    assert said(world)[-1] == ("WarningLifted", "预警解除：暴雨黄色预警（演示气象台；西湖区）")


def test_one_typed_by_hand_needs_its_issuer_and_the_number_of_its_document(world: World) -> None:
    row = enter(world)
    assert (row.official, row.document_no, row.state) == (True, "演示〔2026〕1 号", "in_force")
    assert [town["code"] for town in row.towns] == [TOWNS[0]]
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"document_no": " "}, "document_no"),
        ({"issuer": ""}, "issuer"),
        ({"measures": " "}, "measures"),
        ({"area": ""}, "area"),
        ({"starts_at": None}, "starts_at"),
        ({"kind": "frogs"}, "kind"),
        ({"colour": "pink"}, "colour"),
        ({"units": ["330106998"]}, "units"),
        ({"ends_at": TEN}, "ends_at"),
    ]
    for changed, field in wrong:
        with pytest.raises(Invalid) as refused:
            enter(world, **changed)
        assert refused.value.field == field
    assert len(shown(world)) == 1


def test_our_own_prompt_says_what_it_is_and_never_goes_out_as_a_warning(world: World) -> None:
    row = enter(world, official=False, document_no="", issuer="省气象台")
    assert (row.official, row.issuer) == (False, "值班员")
    assert "内部提示，非对外预警" in said(world)[-1][1]
    with reading(world) as tx:
        back = cap.read(exported(tx, row.id))
    assert (back.status, back.scope, INTERNAL in back.note) == ("Exercise", "Restricted", True)
    with writing(world, OPERATOR) as tx:
        (again,) = warnings.receive(tx, cap.write(back)).warnings
    assert again.official is False


def test_in_live_a_typed_warning_goes_out_as_a_draft(engine: Engine) -> None:
    live = get_world(engine, "live")
    row = enter(live, starts_at=TEN, issued_at=TEN)
    with reading(live) as tx:
        back = cap.read(exported(tx, row.id))
    assert back.status == "Draft"
    assert signals(back)[0].areas[0].geocodes == (("GB/T 10114", TOWNS[0]),)
    with writing(live, OPERATOR) as tx:
        warnings.lift(tx, row.id, "测试")


def test_a_message_comes_out_byte_for_byte(world: World) -> None:
    raw = message("M-1")
    (row,) = receive(world, raw).warnings
    with reading(world) as tx:
        assert exported(tx, row.id) == raw


def test_lifting_by_hand_needs_a_ground_and_is_done_once(world: World) -> None:
    row = enter(world)
    for reason, error in ((" ", Invalid), ("气象台来电", None), ("再次", Conflict)):
        if error:
            with pytest.raises(error), writing(world, OPERATOR) as tx:
                warnings.lift(tx, row.id, reason)
        else:
            with writing(world, OPERATOR) as tx:
                warnings.lift(tx, row.id, reason)
    assert shown(world) == []
    assert said(world)[-1] == ("WarningLifted", "预警解除：地质灾害橙色预警（演示气象台；演示镇1），气象台来电")


@pytest.mark.parametrize(
    ("area", "towns"),
    [
        (
            Area("东边", polygons=(((120.107, 30.195), (120.108, 30.195), (120.108, 30.2), (120.107, 30.195)),)),
            [TOWNS[1]],
        ),
        (Area("两边", circles=(((120.105, 30.2), 0.1),)), list(TOWNS)),
        (Area("边上", polygons=(((120.115, 30.19), (120.116, 30.19), (120.115, 30.21), (120.115, 30.19)),)), []),
        (Area("演示镇2"), [TOWNS[1]]),
        (Area("演示镇2以外"), []),
        (Area("村", geocodes=(("GB/T 10114", f"{TOWNS[0]}005"),)), [TOWNS[0]]),
        (Area("别处", geocodes=(("GB/T 2260", "330105"),)), []),
    ],
)
def test_which_towns_an_area_reaches(world: World, area: Area, towns: list[str]) -> None:
    (row,) = receive(world, message("M-1", areas=(area,))).warnings
    assert [town["code"] for town in row.towns] == towns
