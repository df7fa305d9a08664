"""The journal as people read it: whose timeline, which words, page by page, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text

from gis_data.demo.xh_mini import NODES
from tests.conftest import Person

LIVE = "/api/worlds/live"


def _report(person: Person, node: str, kind: str = "flood") -> str:
    lon, lat = NODES[node]
    incident: str = person.post(f"{LIVE}/incidents", kind=kind, title=f"{node} 险情", lon=lon, lat=lat)["id"]
    return incident


def _search(person: Person, **asked: Any) -> Any:
    return person.get(f"{LIVE}/journal/search", **asked)


def _kinds(found: Any) -> list[str]:
    return [one["kind"] for one in found["entries"]]


def test_a_timeline_of_an_incident_holds_what_belongs_to_it(people: Callable[[str], Person]) -> None:
    operator = people("operator")
    mine, other = _report(operator, "C3"), _report(operator, "C1", "geohazard")
    team = next(id_ for id_, one in operator.get(f"{LIVE}/board")["teams"].items() if one["code"] == "T2")
    sent = operator.post(f"{LIVE}/incidents/{mine}/dispatches", team_id=team)["id"]
    operator.post(f"{LIVE}/dispatches/{sent}/advance", 200, to="acknowledged")  # names the dispatch alone
    operator.post(f"{LIVE}/incidents/{mine}/reports/draft", 200, overview="积水")
    found = _search(operator, incident_id=mine)
    assert _kinds(found) == ["ReportDrafted", "DispatchAdvanced", "TeamDispatched", "IncidentReported"]
    assert _kinds(_search(operator, incident_id=other)) == ["IncidentReported"]
    assert _kinds(_search(operator, track="geohazard")) == ["IncidentReported"]
    assert _kinds(_search(operator, track="flood")) == _kinds(found)
    operator.get(f"{LIVE}/journal/search", 404, incident_id="00000000-0000-0000-0000-000000000000")


def test_words_posts_kinds_and_pages(people: Callable[[str], Person]) -> None:
    operator, commander = people("operator"), people("commander")
    for node in ("C1", "C2", "C3"):
        _report(operator, node)
    last = _report(commander, "C4")
    assert [one["zh"][:9] for one in _search(operator, q="接报 C2")["entries"]] == ["接报洪涝：C2 险"]
    assert _search(operator, q="接报 C9")["total"] == 0
    assert _search(operator, q="100%")["total"] == 0  # a sign, not a pattern
    assert [one["actor"] for one in _search(operator, post="commander岗")["entries"]] == ["commander岗"]
    assert _search(operator, kind="IncidentReported")["total"] == 4
    assert {"operator岗", "commander岗"} <= set(operator.get(f"{LIVE}/journal/posts"))
    at = operator.get(f"{LIVE}/incidents/{last}")["reported_at"]
    assert _search(operator, kind="IncidentReported", since=at)["total"] == 1
    assert _search(operator, kind="IncidentReported", until=at)["total"] == 3
    seen, before = [], None
    while True:
        page = _search(operator, kind="IncidentReported", limit=3, **({"before": before} if before else {}))
        seen += [one["seq"] for one in page["entries"]]
        if (before := page["next"]) is None:
            break
    assert len(seen) == 4
    assert seen == sorted(seen, reverse=True)


def test_an_entry_that_was_changed_is_shown_as_broken(people: Callable[[str], Person], mini_db: Engine) -> None:
    operator = people("operator")
    for node in ("C1", "C2"):
        _report(operator, node)
    assert all(one["sound"] for one in _search(operator)["entries"])
    assert operator.get(f"{LIVE}/journal/verify")["broken_at"] is None
    seq = _search(operator, q="C1")["entries"][0]["seq"]
    with mini_db.begin() as connection:
        connection.execute(text("update live.journal set post = '他人' where seq = :seq"), {"seq": seq})
    assert {one["seq"] for one in _search(operator)["entries"] if not one["sound"]} == {seq}
    verdict = operator.get(f"{LIVE}/journal/verify")
    assert (verdict["broken_at"], verdict["entries"]) == (seq, seq - 1)


def test_who_may_read_the_journal(people: Callable[[str], Person]) -> None:
    for role in ("operator", "commander", "auditor", "admin"):
        _search(people(role))
    for role in ("viewer", "planner", "clerk", "reviewer", "field"):
        for path in ("search", "verify", "posts"):
            people(role).get(f"{LIVE}/journal/{path}", 403)
