"""Reports, grades and losses over HTTP: scenario A step 14, and what a chain never does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from gis_data.demo.xh_mini import NODES
from tests.command.gauges import parameters
from tests.command.slopes import TOWNS, add_slopes, insert
from tests.conftest import Person, middle

LIVE = "/api/worlds/live"


def _at(lonlat: tuple[float, float]) -> dict[str, float]:
    return dict(zip(("lon", "lat"), lonlat, strict=True))


def _later(engine: Engine, minutes: float) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"update live.clock set sim0 = sim0 + interval '{minutes} minutes'"))


def _landslide(person: Person, **more: Any) -> Any:
    said = {"kind": "geohazard", "title": "N4–N5 滑坡阻断道路", "place": "N4–N5", **_at(middle("N4–N5")), **more}
    return person.post(f"{LIVE}/incidents", **said)


def _write(person: Person, incident: str, status: int = 200, **said: Any) -> Any:
    return person.post(f"{LIVE}/incidents/{incident}/reports/draft", status, **({"overview": "滑坡"} | said))


def _send(person: Person, incident: str, status: int = 201, **how: Any) -> Any:
    how = {"to": "市应急管理局", "confirmed_by": "带班领导岗"} | how
    return person.post(f"{LIVE}/incidents/{incident}/reports/send", status, **how)


def _chain(person: Person, incident: str) -> Any:
    return person.get(f"{LIVE}/incidents/{incident}/reports")


def test_scenario_a_step_14(people: Callable[[str], Person], mini_db: Engine) -> None:
    insert(
        mini_db, "key_village", f"st_setsrid(st_point(:x, {NODES['C5'][1]}), 4490)", x=NODES["C5"][0], code="V-14",
        name="演示村五", admin_code=f"{TOWNS[0]}001", reasons=["a"], households=13, persons=40,
    )  # fmt: skip
    operator = people("operator")
    operator.post(f"{LIVE}/closures", reason="积水", **_at(middle("N5–S1")))
    known = datetime.fromisoformat(operator.get(f"{LIVE}/board")["at"])
    with parameters(mini_db, {"incident.class[geohazard]": "10301"}):
        incident = _landslide(operator, known_at=known.isoformat())
    operator.post(f"{LIVE}/closures", reason="滑坡阻断", **_at(middle("N4–N5")))
    assert incident["class_code"] == "10301"
    assert datetime.fromisoformat(incident["known_at"]) == known
    assert datetime.fromisoformat(incident["first_due_at"]) == known + timedelta(minutes=30)
    _later(mini_db, 16)
    chain = _chain(operator, incident["id"])
    assert [(one["name"], one["state"]) for one in chain["clocks"]] == [("first", "half"), ("written", "running")]
    assert chain["isolated"] == [{"name": "演示村五", "persons": 40}]
    assert chain["suggested"]["overview"] == "N4–N5 滑坡阻断道路"

    _write(operator, incident["id"], injured=1)
    first = _send(operator, incident["id"])
    assert (first["no"], first["kind"], first["late"], first["said"]["injured"]) == (1, "first", False, 1)
    assert (first["grade"], first["grade_zh"], first["isolated"]) == ("general", "小型", chain["isolated"])
    assert {one["state"] for one in _chain(operator, incident["id"])["clocks"]} == {"met"}

    draft = _write(operator, incident["id"], injured=2)["draft"]
    assert draft["kind"] == "continued"
    second = _send(operator, incident["id"], confirmed_by="")
    assert (second["no"], second["kind"], second["said"]["injured"]) == (2, "continued", 2)
    assert _chain(operator, incident["id"])["sent"] == [first, second]
    kinds = [one["kind"] for one in operator.get(f"{LIVE}/journal", limit=1000)]
    assert [kind for kind in kinds if kind.startswith(("Report", "IncidentGraded"))] == [
        "ReportDrafted", "IncidentGraded", "ReportSent", "ReportDrafted", "ReportSent",
    ]  # fmt: skip


def test_what_was_sent_cannot_be_changed_even_in_the_database(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator = people("operator")
    incident = _landslide(operator)["id"]
    _write(operator, incident)
    _send(operator, incident)
    with mini_db.begin() as connection:
        role = connection.scalar(text("select role_name from gis.world where name = 'live'"))
    for statement in ("update live.event_report set sent_to = '他人'", "delete from live.event_report"):
        with mini_db.connect() as connection:
            connection.execute(text(f'set local role "{role}"'))
            with pytest.raises(ProgrammingError, match="permission denied"):
                connection.execute(text(statement))


def test_a_late_report_says_why_and_who_confirmed_the_first(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator = people("operator")
    incident = _landslide(operator)["id"]
    assert _send(operator, incident, 409)["detail"] == "没有待发的报告草稿。"
    _write(operator, incident)
    assert _send(operator, incident, 422, confirmed_by="")["field"] == "confirmed_by"
    _later(mini_db, 29)
    assert [one["state"] for one in _chain(operator, incident)["clocks"]] == ["near", "running"]
    phone = _send(operator, incident, channel="phone")
    assert (phone["channel"], phone["late"]) == ("phone", False)
    _later(mini_db, 32)
    assert [one["state"] for one in _chain(operator, incident)["clocks"]] == ["met", "late"]
    _write(operator, incident, overview="滑坡，书面续报")
    assert _send(operator, incident, 422)["field"] == "late_reason"
    written = _send(operator, incident, late_reason="通信中断")
    assert (written["late"], written["late_reason"], written["kind"]) == (True, "通信中断", "continued")
    assert [one["state"] for one in _chain(operator, incident)["clocks"]] == ["met", "met_late"]
    _write(operator, incident, overview="滑坡，再报")
    assert _send(operator, incident)["late"] is False  # both limits are met by now


def test_limits_are_parameters_of_the_moment_it_became_known(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator = people("operator")
    with parameters(mini_db, {"report.first_minutes": "10"}):
        incident = _landslide(operator)
    due, known = (datetime.fromisoformat(incident[name]) for name in ("first_due_at", "known_at"))
    assert due - known == timedelta(minutes=10)
    assert _landslide_status(operator, known + timedelta(hours=1))["field"] == "known_at"


def _landslide_status(person: Person, known_at: datetime) -> Any:
    said = {"kind": "geohazard", "title": "滑坡", **_at(NODES["C3"]), "known_at": known_at.isoformat()}
    return person.post(f"{LIVE}/incidents", 422, **said)


def test_a_final_report_ends_the_chain(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    incident = _landslide(operator)["id"]
    assert _write(operator, incident, 409, final=True)["field"] == "final"
    _write(operator, incident)
    _send(operator, incident)
    _write(operator, incident, final=True)
    assert _send(operator, incident)["kind"] == "final"
    _write(operator, incident, 409)


def test_a_class_code_must_be_in_the_bureaus_table(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator = people("operator")
    assert _landslide(operator, class_code="99")["class_code"] == "99"
    insert(mini_db, "code_list", code="GB/T 35561", name="突发事件分类与编码", edition="DEMO")
    insert(mini_db, "code_item", code="G1", name="滑坡", list_code="GB/T 35561", item="10301")
    assert _landslide(operator, class_code="10301")["class_code"] == "10301"
    problem = operator.post(
        f"{LIVE}/incidents", 422, kind="geohazard", title="滑坡", **_at(NODES["C3"]), class_code="99"
    )
    assert problem["field"] == "class_code"


def test_a_forest_fire_grows_and_its_grades_are_kept(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    fire = operator.post(f"{LIVE}/incidents", kind="forest_fire", title="林火", **_at(NODES["C3"]))["id"]
    for burnt, zh in ((0.8, "一般"), (1.0, "较大")):  # scenario E, step 10
        assert operator.post(f"{LIVE}/incidents/{fire}/grade", 200, forest_ha=burnt)["grade_zh"] == zh
    kept = operator.get(f"{LIVE}/incidents/{fire}/grade")
    assert [(one["figures"]["forest_ha"], one["grade"]) for one in kept] == [(0.8, "general"), (1.0, "larger")]
    assert kept[-1]["basis"]["checked"] is False  # the regulation of 2026
    assert operator.get(f"{LIVE}/incidents/{fire}")["grade"] == "larger"
    again = operator.post(f"{LIVE}/incidents/{fire}/grade", 200, dead=0)  # what is burnt stays burnt
    assert (again["grade"], again["figures"]["forest_ha"]) == ("larger", 1.0)
    other = operator.post(f"{LIVE}/incidents", kind="forest_fire", title="林火", grade="major", **_at(NODES["C3"]))
    operator.post(f"{LIVE}/incidents/{other['id']}/grade", 422, injured=1)  # nothing that decides
    said = _landslide(operator, grade="major")["id"]
    _write(operator, said, injured=1)
    report = _send(operator, said)
    assert (report["grade"], report["grade_zh"]) == ("major", "大型")  # what was said stays where no figure decides
    flood = operator.post(f"{LIVE}/incidents", kind="flood", title="积水", **_at(NODES["C3"]))["id"]
    operator.post(f"{LIVE}/incidents/{flood}/grade", 409, dead=1)
    assert operator.post(f"{LIVE}/incidents/{fire}/grade", 422, injured=1, serious=2)["field"] == "serious"


def test_losses_by_town(people: Callable[[str], Person], mini_db: Engine) -> None:
    add_slopes(mini_db)
    operator = people("operator")
    losses = f"{LIVE}/incidents/{_landslide(operator)['id']}/losses"
    row = {"affected": 40, "injured": 2, "serious": 1, "resettled": 30, "resettled_central": 20,
           "resettled_dispersed": 10, "loss": 12.5, "loss_homes": 12.5}  # fmt: skip
    problem = operator.post(losses, 422, towns={TOWNS[0]: row | {"serious": 3}}, district=row | {"serious": 3})
    assert (problem["field"], "演示镇1：其中：重伤 3 大于 因灾伤病人口 2" in problem["detail"]) == (
        f"{TOWNS[0]}.serious",
        True,
    )
    found = operator.post(f"{losses}/check", 200, towns={TOWNS[0]: row}, district=row | {"affected": 41})
    assert [(one["row"], one["field"]) for one in found["wrong"]] == [("district", "affected")]
    found = operator.post(f"{losses}/check", 200, towns={"999": row}, district=row)
    assert [(one["row"], one["field"]) for one in found["wrong"]] == [("999", "code")]
    first = operator.post(losses, towns={TOWNS[0]: row}, district=row)
    assert (first["no"], first["stage"], first["reminders"]) == (1, "first", [])
    fewer = row | {"affected": 39}
    problem = operator.post(losses, 422, towns={TOWNS[0]: fewer}, district=fewer)
    assert problem["field"] == f"{TOWNS[0]}.affected"
    second = operator.post(losses, towns={TOWNS[0]: fewer}, district=fewer, correction="一人重复统计")
    assert (second["stage"], second["correction"]) == ("continued", "一人重复统计")
    operator.post(losses, towns={TOWNS[0]: fewer}, district=fewer, complete=True)
    operator.post(losses, 409, towns={TOWNS[0]: fewer}, district=fewer)
    assert [one["no"] for one in operator.get(losses)] == [1, 2, 3]


def test_two_people_at_one_draft_overwrite_each_other_only_knowingly(people: Callable[[str], Person]) -> None:
    first, second = people("operator"), people("commander")
    incident = _landslide(first)["id"]
    mine = _write(first, incident, overview="甲写", over="")["draft"]
    refused = _write(second, incident, 409, overview="乙写", over="")
    assert refused["field"] == "over"
    assert mine["written_by"] in refused["detail"]
    assert _chain(first, incident)["draft"]["said"]["overview"] == "甲写"
    assert _write(second, incident, overview="乙写", over=mine["version"])["draft"]["version"] != mine["version"]
    _write(first, incident, 409, overview="甲再写", over=mine["version"])
    assert _chain(first, incident)["draft"]["said"]["overview"] == "乙写"


def test_a_document_changed_by_another_is_not_changed_unseen(people: Callable[[str], Person]) -> None:
    first, second = people("operator"), people("commander")
    _landslide(first)
    made = first.post(f"{LIVE}/documents", kind="situation")
    text = {"title": made["title"], "paragraphs": [{"head": "研判", "text": "雨势减弱。"}]}
    first.post(f"{LIVE}/documents/{made['id']}", 200, **text, over=made["version"])
    said = {"title": made["title"], "paragraphs": [{"head": "研判", "text": "雨势增强。"}]}
    assert second.post(f"{LIVE}/documents/{made['id']}", 409, **said, over=made["version"])["field"] == "over"
    assert second.get(f"{LIVE}/documents/{made['id']}")["paragraphs"] == text["paragraphs"]
