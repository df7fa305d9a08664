"""The text of a decision (启动、调整、结束应急响应的通知): what the law asks for, and the drill's mark."""

from __future__ import annotations

from datetime import datetime

from command.responses.tables import Decision
from gis_data.clock import SHANGHAI
from gis_data.plans import ROMAN
from gis_data.tables import PlanEdition

VERBS = {
    "start": ("启动", "start"), "raise": ("提升", "raise"), "lower": ("调整", "adjust"), "end": ("结束", "end"),
}  # fmt: skip


def level_zh(number: int) -> str:
    """A level's name; none: 未启动."""
    return f"{ROMAN[number]}级" if number else "未启动"


def said(decision: Decision) -> tuple[str, str]:
    """What a decision is, in a few words: 防汛 Ⅳ级 → Ⅲ级."""
    verb_zh, verb_en = VERBS[decision.kind]
    before, after = decision.from_level, decision.to_level
    if decision.kind == "start":
        zh, en = level_zh(after), f"level {ROMAN[after]}"
    elif decision.kind == "end":
        zh, en = level_zh(before), f"level {ROMAN[before]}"
    else:
        zh, en = f"{level_zh(before)}→{level_zh(after)}", f"level {ROMAN[before]} to {ROMAN[after]}"
    return (
        f"{decision.jurisdiction_zh}{decision.track_zh}{verb_zh}{zh}应急响应",
        f"{decision.track_en}: {verb_en} {en} ({decision.jurisdiction})",
    )


def text(decision: Decision, plan: PlanEdition, at: datetime, *, drill: bool, issued: bool) -> tuple[str, str]:
    """The whole text, Chinese and English; not yet approved it is a draft and says so."""
    verb_zh, verb_en = VERBS[decision.kind]
    before, after = decision.from_level, decision.to_level
    time = f"{at.astimezone(SHANGHAI):%Y年%-m月%-d日%-H时%M分}"
    mark_zh = "【演练】" * drill + "【草稿，未经批准】" * (not issued)
    mark_en = "[DRILL] " * drill + "[DRAFT, not approved] " * (not issued)
    what_zh = {
        "start": f"启动{decision.track_zh}{level_zh(after)}应急响应",
        "raise": f"将{decision.track_zh}应急响应由{level_zh(before)}提升至{level_zh(after)}",
        "lower": f"将{decision.track_zh}应急响应由{level_zh(before)}调整为{level_zh(after)}",
        "end": f"结束{decision.track_zh}{level_zh(before)}应急响应",
    }[decision.kind]
    level = after or before
    legal = decision.legal_basis or plan.legal_basis
    zh = [
        f"{mark_zh}{plan.organ}关于{verb_zh}{decision.track_zh}应急响应的通知",
        f"文号：{decision.document_no or f'平台流水 {decision.no}'}",
        f"依据{legal}和《{plan.title}》（{plan.edition}），{plan.organ}决定自{time}起{what_zh}。",
        f"一、响应事项：{decision.matter}",
        f"二、级别：{ROMAN[level]}级" + ("（结束）" if decision.kind == "end" else ""),
    ]
    en = [
        f"{mark_en}{decision.track_en} response: notice to {verb_en}",
        f"No. {decision.document_no or decision.no}",
        f"By {legal} and {plan.title} ({plan.edition}), {plan.organ}, from {at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}.",
        f"1. Matter: {decision.matter}",
        f"2. Level: {ROMAN[level]}" + (" (ended)" if decision.kind == "end" else ""),
    ]
    if decision.kind == "end":
        zh += [f"三、结束依据：{decision.ground}", f"四、后续措施：{decision.measures}"]
        en += [f"3. Ground: {decision.ground}", f"4. Measures: {decision.measures}"]
    else:
        zh += [f"三、预计期限：{decision.hours} 小时", f"四、应急处置措施：{decision.measures}"]
        en += [f"3. Expected duration: {decision.hours} h", f"4. Measures: {decision.measures}"]
    if decision.jump_reason:
        zh.append(f"越级理由：{decision.jump_reason}")
        en.append(f"Reason for the jump: {decision.jump_reason}")
    zh += [f"发布机关：{plan.organ}", f"时间：{time}"]
    en += [f"Issued by {plan.organ}"]
    if plan.is_demo:
        zh.append("（依据 DEMO 演示预案，不具效力）")
        en.append("(By a DEMO plan: of no force)")
    return "\n".join(zh), "\n".join(en)
