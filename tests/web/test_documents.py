"""Documents over HTTP: drafted with sources, edited, released by a person, as Word and PDF."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from sqlalchemy import Engine, text

from gis_data.demo.plans import plans
from gis_data.demo.xh_mini import NODES
from tests.conftest import Person, middle

LIVE = "/api/worlds/live"


def _at(lonlat: tuple[float, float]) -> dict[str, float]:
    return dict(zip(("lon", "lat"), lonlat, strict=True))


def _busy(person: Person, world: str = LIVE) -> dict[str, Any]:
    """An incident with a report, a team on its way, a closed road."""
    incident = person.post(f"{world}/incidents", kind="geohazard", title="N3–N4 滑坡", **_at(NODES["N3"]))
    team = next(id_ for id_, one in person.get(f"{world}/board")["teams"].items() if one["code"] == "T2")
    sent = person.post(f"{world}/incidents/{incident['id']}/dispatches", team_id=team)
    closed = person.post(f"{world}/closures", reason="滑坡阻断", **_at(middle("N3–S3")))
    reports = f"{world}/incidents/{incident['id']}/reports"
    person.post(f"{reports}/draft", 200, overview="滑坡", injured=2)
    report = person.post(f"{reports}/send", to="市局", confirmed_by="带班")
    return {"incident": incident, "dispatch": sent, "closure": closed, "report": report}


def test_every_number_of_a_draft_names_a_source(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    there = _busy(operator)
    made = operator.post(f"{LIVE}/documents", kind="situation")
    assert (made["state"], made["no"][-5:]) == ("draft", "-T001")
    sources = {one["what"]: one for one in made["sources"]}
    for what, item, at in (("incident", "incident", "known_at"), ("dispatch", "dispatch", "ordered_at"),
                           ("closure", "closure", "set_at"), ("report", "report", "sent_at")):  # fmt: skip
        assert (sources[what]["id"], sources[what]["at"]) == (there[item]["id"], there[item][at])
    words = {one["head"]: one["text"] for one in made["paragraphs"]}
    mark = f"〔{sources['report']['n']}〕"
    assert f"受伤 2 人{mark}" in words["二、突发事件"]
    assert "演示队伍 T2赴N3–N4 滑坡" in words["三、力量调派"]
    operator.post(f"{LIVE}/documents/{made['id']}/release", 200)  # so its own words keep the rule


def test_a_draft_is_edited_with_sources_and_stands_once_released(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    incident = _busy(operator)["incident"]
    made = operator.post(f"{LIVE}/documents", kind="flash", incident_id=incident["id"])
    path = f"{LIVE}/documents/{made['id']}"
    problem = operator.post(path, 422, title="快报", paragraphs=[{"text": "已转移 30 人。"}])
    assert problem["field"] == "paragraphs.0.text"
    assert operator.post(path, 422, title="快报", paragraphs=[{"text": "已转移 30 人〔99〕。"}])["status"] == 422
    kept = [{"head": one["head"], "text": one["text"]} for one in made["paragraphs"]]
    kept[-1]["text"] = "继续排险，防止次生灾害。"
    assert operator.post(path, 200, title="快报（改）", paragraphs=kept)["changed_by"] == "operator岗"
    done = operator.post(f"{path}/release", 200)
    assert (done["state"], len(done["sha256"]), done["released_by"]) == ("released", 64, "operator岗")
    operator.post(path, 409, title="再改", paragraphs=kept)
    operator.post(f"{path}/drop", 409)
    assert operator.get(path)["title"] == "快报（改）"
    other = operator.post(f"{LIVE}/documents", kind="flash", incident_id=incident["id"])
    operator.post(f"{LIVE}/documents/{other['id']}/drop", 200)
    assert [one["id"] for one in operator.get(f"{LIVE}/documents")] == [made["id"]]
    assert operator.post(f"{LIVE}/documents", 422, kind="flash")["field"] == "incident_id"


@pytest.mark.parametrize("drill", [False, True])
def test_word_and_pdf_carry_the_map_the_sources_and_what_they_are(people: Callable[[str], Person], drill: bool) -> None:
    world = LIVE
    if drill:
        people("admin").post("/api/worlds", name="drill-doc", title="演练")
        world = "/api/worlds/drill-doc"
    operator = people("operator")
    _busy(operator, world)
    made = operator.post(f"{world}/documents", kind="situation")
    files = f"{world}/documents/{made['id']}/file"
    answer = operator.client.get(f"{files}.docx")
    assert answer.status_code == 200, answer.text
    word = docx.Document(io.BytesIO(answer.content))
    words = "\n".join(one.text for one in word.paragraphs)
    assert made["paragraphs"][1]["text"] in words
    assert len(word.inline_shapes) == 1  # the map
    rows = [[cell.text for cell in row.cells] for row in word.tables[0].rows]
    assert [row[2] for row in rows[1:]] == [one["id"] for one in made["sources"]]
    head = word.sections[0].header.paragraphs[0].text
    assert ("草稿" in head, "演练" in head, "【演练】" in words) == (True, drill, drill)
    assert "非对外预警" in word.sections[0].footer.paragraphs[0].text
    answer = operator.client.get(f"{files}.pdf")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    assert ("%E6%BC%94%E7%BB%83" in answer.headers["content-disposition"]) == drill
    operator.post(f"{world}/documents/{made['id']}/release", 200)
    head = docx.Document(io.BytesIO(operator.client.get(f"{files}.docx").content)).sections[0].header.paragraphs[0].text
    assert "草稿" not in head
    assert operator.client.get(f"{files}.odt").status_code == 422


def test_the_notice_of_an_approved_decision_stands_to_the_letter(people: Callable[[str], Person]) -> None:
    answer = people("admin").client.post("/api/plans", content=plans()[0], headers={"Content-Type": "application/yaml"})
    assert answer.status_code == 201, answer.text
    operator, commander = people("operator"), people("commander")
    said = {"track": "flood", "jurisdiction": "330106", "to_level": 4, "ground": "雨势变化"}
    decision = operator.post(f"{LIVE}/decisions", **said)["decision"]["id"]
    assert operator.post(f"{LIVE}/documents", 409, kind="notice", decision_id=decision)["field"] == "decision_id"
    for who, to, more in (
        (operator, "consult", {"attendees": "防汛办", "conclusion": "建议启动"}),
        (operator, "submit", {"hours": 24}),
        (commander, "approve", {}),
    ):
        who.post(f"{LIVE}/decisions/{decision}/{to}", 200, **more)
    made = operator.post(f"{LIVE}/documents", kind="notice", decision_id=decision)
    text = made["paragraphs"][0]["text"]
    assert ("预计期限：24 小时〔1〕" in text, made["sources"][0]["id"]) == (True, decision)
    assert made["paragraphs"][1]["text"] == "人工提出，理由：雨势变化〔1〕"
    path = f"{LIVE}/documents/{made['id']}"
    operator.post(path, 409, title="改", paragraphs=[{"text": "改"}])
    assert operator.client.get(f"{path}/file.pdf").content[:5] == b"%PDF-"
    assert operator.post(f"{path}/release", 200)["state"] == "released"


def test_a_daily_report_is_due_while_an_incident_goes_on(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator, commander = people("operator"), people("commander")
    commander_drill = people("admin").post("/api/worlds", name="drill-daily", title="日报")
    drill = f"/api/worlds/{commander_drill['name']}"
    with mini_db.begin() as connection:
        connection.execute(text("update drill_daily.clock set sim0 = '2026-07-01T02:00+08:00', speed = 0"))
    assert operator.get(f"{drill}/documents/daily") is None
    incident = operator.post(f"{drill}/incidents", kind="geohazard", title="滑坡", **_at(NODES["N3"]))

    def at(when: str) -> Any:
        commander.client.put(f"{drill}/clock", json={"speed": 0, "at": when}).raise_for_status()
        return operator.get(f"{drill}/documents/daily")

    first = at("2026-07-01T11:00+08:00")
    assert (first["due_at"], first["state"], first["missed"]) == ("2026-07-01T09:00:00Z", "half", [])
    assert [one["id"] for one in first["because"]] == [incident["id"]]
    assert at("2026-07-01T17:01+08:00")["state"] == "late"
    made = operator.post(f"{drill}/documents", kind="daily")
    assert (made["no"][-5:], made["kind"], made["paragraphs"][-2]["head"]) == ("-R001", "daily", "七、灾情")
    assert operator.get(f"{drill}/documents/daily")["state"] == "late"  # a draft goes nowhere
    operator.post(f"{drill}/documents/{made['id']}/release", 200)
    assert operator.get(f"{drill}/documents/daily")["state"] == "met_late"
    third = at("2026-07-03T08:00+08:00")
    assert (third["due_at"], third["state"], third["missed"]) == ("2026-07-03T09:00:00Z", "running", ["2026-07-02"])
    commander.post(f"{drill}/incidents/{incident['id']}/close", 200, ground="处置完毕")
    assert operator.get(f"{drill}/documents/daily") is None


def test_statistics_are_by_kind_and_cause_and_leave_as_a_file(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    there = _busy(operator)["incident"]
    fire = operator.post(f"{LIVE}/incidents", kind="city_fire", title="火警", **_at(NODES["N2"]))
    span = {"since": "2026-01-01T00:00:00+08:00", "until": "2099-01-01T00:00:00+08:00"}
    found = operator.get(f"{LIVE}/statistics/incidents", **span)
    assert [(row["kind"], row["cause"], row["injured"]) for row in found["rows"]] == [
        ("city_fire", None, None), ("geohazard", None, 2),
    ]  # fmt: skip
    assert operator.post(f"{LIVE}/incidents/{there['id']}/cause", 422, cause="x")["field"] == "cause"
    said = operator.post(f"{LIVE}/incidents/{there['id']}/cause", 200, cause="rain")
    assert operator.get(f"{LIVE}/board")["incidents"][there["id"]]["cause"] == said["cause"] == "rain"
    found = operator.get(f"{LIVE}/statistics/incidents", **span)
    assert found["rows"][1]["cause_zh"] == "强降雨"
    assert (found["total"]["incidents"], found["total"]["injured"], found["total"]["silent"]) == (2, 2, 1)
    sheet = openpyxl.load_workbook(
        io.BytesIO(operator.client.get(f"{LIVE}/statistics/incidents.xlsx", params=span).content)
    )
    assert [cell.value for cell in sheet.active[4]][:4] == ["地质灾害", "强降雨", 1, 1]
    lines = operator.client.get(f"{LIVE}/statistics/incidents.csv", params=span).text.splitlines()
    assert lines[-1].startswith("合计,,2,2")
    operator.get(f"{LIVE}/statistics/incidents", 422, since=span["until"], until=span["since"])
    assert fire["cause"] is None
