"""The words of a drafted document, from the board; whatever has a number carries the mark of its source."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from command import board, journal, roads
from command.board import Item
from command.incidents import KINDS
from command.reports import chain, losses
from command.reports.grading import called
from command.reports.loss import INDICATORS
from command.responses.tables import Decision
from command.tables import Incident
from gis_data.clock import SHANGHAI
from gis_data.db import Reading, district
from gis_data.errors import Conflict, Invalid

LEVELS = ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")


@dataclass
class Draft:
    """A draft as it grows: its title, its paragraphs (a line a fact), and the sources that they name."""

    title: str
    paragraphs: list[dict[str, str]] = field(default_factory=list)
    sources: list[dict[str, Any]] = field(default_factory=list)

    def cite(self, what: str, id_: object, at: str | datetime, zh: str) -> str:
        """The mark of a source; the same source has the same mark."""
        when = at if isinstance(at, str) else at.isoformat()
        for one in self.sources:
            if (one["what"], one["id"], one["at"]) == (what, str(id_), when):
                return f"〔{one['n']}〕"
        self.sources.append({"n": len(self.sources) + 1, "what": what, "id": str(id_), "at": when, "zh": zh})
        return f"〔{len(self.sources)}〕"

    def say(self, head: str, sentences: list[str], otherwise: str) -> None:
        """A paragraph of these sentences."""
        self.paragraphs.append({"head": head, "text": "\n".join(one for one in sentences if one) or otherwise})


def _hm(at: str | datetime | None) -> str:
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{when.astimezone(SHANGHAI):%m月%d日%H:%M}" if when else "—"


def situation(tx: Reading) -> Draft:
    """A situation sheet of all that is open."""
    some = {name: list(board.items(tx.session, name).values()) for name in board.COLLECTIONS}
    made = Draft(f"{district(tx.session).title}应急态势专报（{tx.at.astimezone(SHANGHAI):%m月%d日%H时%M分}）")
    whole = made.cite("board", journal.position(tx.session), tx.at, "本平台态势，以记录号为准")
    _warned(made, some)
    incidents = sorted(some["incidents"], key=lambda one: str(one["no"]))
    told = [f"未结束突发事件 {len(incidents)} 起{whole}。"] if incidents else []
    made.say("二、突发事件", told + [_incident(tx, made, one) for one in incidents], "当前无未结束事件。")
    teams, by_id = {one["id"]: one for one in some["teams"]}, {one["id"]: one for one in incidents}
    out = some["dispatches"]
    told = [f"出动队伍 {len(out)} 支{whole}。"] if out else []
    made.say("三、力量调派", told + [_dispatch(made, one, teams, by_id) for one in out], "当前无队伍出动。")
    _roads(tx, made, some["closures"])
    _moved(made, some, whole)
    tasks = some["tasks"]
    late = sum(1 for one in tasks if one["overdue_at"])
    made.say(
        "六、任务", [f"未办结任务 {len(tasks)} 项，其中超时 {late} 项{whole}。"] if tasks else [], "当前无未办结任务。"
    )
    return made


def daily(tx: Reading) -> Draft:
    """The day's report while a disaster is not stable: the situation, with losses as they were last handed in."""
    made = situation(tx)
    made.title = f"{district(tx.session).title}灾情处置日报（{tx.at.astimezone(SHANGHAI):%Y年%m月%d日}）"
    told = []
    for one in sorted(board.items(tx.session, "incidents").values(), key=lambda one: str(one["no"])):
        if handed := losses.handed_in(tx.session, one["id"]):
            last = handed[-1]
            figures = [
                f"{INDICATORS[key].zh} {value:g} {INDICATORS[key].unit}"
                for key, value in last.district.items() if value and key in INDICATORS
            ]  # fmt: skip
            mark = made.cite("losses", last.id, last.handed_in_at, f"{one['title']}第 {last.no} 次灾情统计")
            told.append(f"{one['title']}：{'、'.join(figures) or '无损失'}{mark}。")
    made.say("七、灾情", told, "尚无灾情统计上报。")
    made.say("八、下一步", [], "（请值班人员填写）")
    return made


def _warned(made: Draft, some: dict[str, list[Item]]) -> None:
    told = [
        f"{one['issuer']}发布{one['kind_zh']}{one['colour_zh']}预警，{_hm(one['starts_at'])}起"
        f"{made.cite('warning', one['id'], one['issued_at'], one['headline'] or one['kind_zh'])}。"
        for one in some["warnings"] if one["official"]
    ]  # fmt: skip
    told += [
        f"{one['jurisdiction_zh']}{one['track_zh']}应急响应{LEVELS[one['level']]}级，{_hm(one['since'])}起"
        f"{made.cite('response', one['id'], one['since'], one['track_zh'] + '响应')}。"
        for one in some["responses"]
    ]
    made.say("一、预警与响应", told, "当前无生效预警，未启动应急响应。")


def _incident(tx: Reading, made: Draft, one: Item) -> str:
    mark = made.cite("incident", one["id"], one["known_at"], f"{one['title']}（{one['no']}）")
    told = (
        f"{one['no']} {KINDS[one['kind']][0]}：{one['title']}，{_hm(one['known_at'])}知悉，"
        f"{'初步定级' + grade if (grade := called(one['kind'], one['grade'])) else '尚未定级'}{mark}"
    )
    return f"{told}{_casualties(tx, made, one['id'])}。"


def _casualties(tx: Reading, made: Draft, incident_id: Any) -> str:
    reports = chain.sent(tx.session, incident_id)
    if not reports:
        return ""
    last = reports[-1]
    words = {"dead": "死亡", "missing": "失踪", "injured": "受伤", "serious": "其中重伤"}
    told = "、".join(f"{zh} {last.said[key]} 人" for key, zh in words.items() if last.said.get(key) is not None)
    return f"，{told}{made.cite('report', last.id, last.sent_at, f'第 {last.no} 号报告')}" if told else ""


def _dispatch(made: Draft, one: Item, teams: dict[str, Item], incidents: dict[str, Item]) -> str:
    team, incident = teams.get(one["team_id"]), incidents.get(one["incident_id"])
    name, where = team["name"] if team else "队伍", incident["title"] if incident else "现场"
    mark = made.cite("dispatch", one["id"], one["ordered_at"], f"{name}调派令")
    when = f"{_hm(one['arrived_at'])}到达" if one["arrived_at"] else f"预计{_hm(one['eta_at'])}到达"
    return f"{name}赴{where}，{when}{mark}。"


def _roads(tx: Reading, made: Draft, closures: list[Item]) -> None:
    told = [
        f"{one['road_name'] or '道路'}于{_hm(one['set_at'])}管制，{one['reason']}"
        f"{made.cite('closure', one['id'], one['set_at'], one['road_name'] or '道路管制')}。"
        for one in sorted(closures, key=lambda one: str(one["set_at"]))
    ]
    told += _cut_off(tx, made)
    made.say("四、道路管制与孤岛", told, "当前无道路管制。")


def _cut_off(tx: Reading, made: Draft) -> list[str]:
    try:
        version = roads.network(tx.session).version
    except Invalid:
        return []
    return [
        f"{one['name']}道路不通，涉及 {one['persons']} 人"
        f"{made.cite('network', version, tx.at, '管制后的路网推算（孤岛）')}。"
        for one in chain.isolated(tx)
    ]


def _moved(made: Draft, some: dict[str, list[Item]], whole: str) -> None:
    told = [
        f"转移令 {one['no']}：应转 {one['due']} 人，已核验 {one['verified']} 人"
        f"{made.cite('transfer', one['id'], one['issued_at'] or one['drafted_at'], '转移令' + one['no'])}。"
        for one in some["transfers"] if one["state"] == "issued"
    ]  # fmt: skip
    made.say("五、人员转移", told, "当前无正在执行的转移令。")


def flash(tx: Reading, incident: Incident) -> Draft:
    """A flash report of one incident."""
    one = board.item(tx.session, "incidents", incident.id)
    said = chain.suggested(tx, incident.id)
    made = Draft(f"关于“{incident.title}”的快报")
    mark = made.cite("incident", incident.id, incident.known_at, f"{incident.title}（{incident.no}）")
    course = f"经过：{said.course}{mark}。" if said.course else ""
    made.say("一、基本情况", [_incident(tx, made, one), f"时间地点：{said.place}{mark}。", course], "")
    teams = board.items(tx.session, "teams")
    out = [d for d in board.items(tx.session, "dispatches").values() if d["incident_id"] == str(incident.id)]
    sentences = [_dispatch(made, d, teams, {one["id"]: one}) for d in out]
    made.say("二、处置情况", sentences, "正在核实处置情况。")
    made.say("三、影响", _cut_off(tx, made), "暂未发现道路中断影响。")
    made.say("四、下一步", [], "（请值班人员填写）")
    return made


def notice(decision: Decision) -> Draft:
    """The notice of an approved decision, to the letter, with the evidence that it was taken on."""
    if decision.state != "approved" or not decision.text_zh or not decision.decided_at:
        raise Conflict("该决定尚未批准，没有通知文本。", "The decision is not approved; it has no text.",
                       field="decision_id")  # fmt: skip
    title, *lines = decision.text_zh.splitlines()
    made = Draft(title.replace("【演练】", ""))
    mark = made.cite("decision", decision.id, decision.decided_at, f"批准记录（{decision.no}，{decision.decided_by}）")
    made.say("", [line + mark if re.search(r"\d", line) else line for line in lines], "")
    held = [one for one in decision.evidence if one["truth"] == "true"]
    named = [(one, ", ".join(one["sources"]) or one["leaf"], one.get("at") or decision.proposed_at) for one in held]
    told = [f"{one['zh']}{made.cite(one['leaf'], ids, at, one['zh'])}" for one, ids, at in named]
    made.say("附：决策依据", told, "人工提出，理由：" + (decision.ground or "见会商结论") + mark)
    return made
