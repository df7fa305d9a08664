"""Changes of states in words: which zones and villages turned what, by which window, sum and threshold."""

from __future__ import annotations

from collections.abc import Sequence

from command.hazard_look import Look
from layers.thresholds import SAFE, STATES
from layers.zone_status import COLOURS, NONE, SOURCES

NAMED = 3
"""How many of a group are named."""
INTERNAL = "内部提示，非对外预警", "internal prompts, no public warning"
Said = tuple[str, str]


def told(look: Look, changed: Sequence[int], gone: Sequence[str]) -> Said:
    """What changed, the worst first; an alarm of our own says that it is no public warning."""
    before, states = look.before, look.states
    groups: dict[str, list[tuple[int, str, str]]] = {}
    for n in changed:
        was, now = int(before.alarm[n]), int(states.alarm[n])
        coloured = look.status.colour[n] != before.colour[n] and look.status.colour[n] > NONE
        if now != was and now != SAFE:
            group, said = "rain", _alarm(look, n)
        elif coloured and not look.heard[n]:
            group, said = "colour", _colour(look, n)
        elif look.newly_dark(n):
            group, said = "dark", _unknown(look, n)
        elif now != was:
            group, said = "over", (f"{_name(look, n)}：内部提示解除", f"{_name(look, n)}: prompt over")
        elif coloured:
            group, said = "colour", _colour(look, n)
        elif now != SAFE:
            group, said = "rain", _alarm(look, n)
        else:
            group, said = "calm", (_name(look, n), _name(look, n))
        groups.setdefault(group, []).append((-now, *said))
    parts: list[Said] = []
    for group, (zh, en) in _HEADS.items():
        if some := sorted(groups.get(group, [])):
            more = len(some) - NAMED
            zh += "；".join(one for _, one, _ in some[:NAMED]) + (f" 等 {len(some)} 处" if more > 0 else "")
            en += "; ".join(one for *_, one in some[:NAMED]) + (f" and {more} more" if more > 0 else "")
            parts.append((zh, en))
    if gone:
        parts.append((f"已撤出台账 {len(gone)} 处", f"{len(gone)} withdrawn from the registers"))
    if "rain" in groups:
        parts.append(INTERNAL)
    return "；".join(zh for zh, _ in parts), "; ".join(en for _, en in parts)


_HEADS: dict[str, Said] = {
    "rain": ("", ""),
    "colour": ("", ""),
    "dark": ("数据告警：", "Data alarm: "),
    "over": ("", ""),
    "calm": ("状态更新：", "States brought up: "),
}


def _name(look: Look, n: int) -> str:
    one = look.watch.objects[n]
    return f"{one.code} {one.name}"


def _alarm(look: Look, n: int) -> Said:
    found = look.evidence(n)
    _, zh, en = STATES[int(look.states.alarm[n])]
    hours, total, limit = found["window_h"], f"{found['sum_mm']:.1f}".removesuffix(".0"), f"{found['threshold_mm']:g}"
    return (
        f"{_name(look, n)}：{zh}（{hours} 小时 {total} 毫米，阈值 {limit}）",
        f"{_name(look, n)}: {en.lower()} ({hours} h {total} mm, threshold {limit})",
    )


def _unknown(look: Look, n: int) -> Said:
    found = look.evidence(n)
    hours = "、".join(map(str, found["unknown"]))
    why = (f"{hours} 小时雨量缺测", f"rain of {hours.replace('、', ', ')} h not known")
    if found["silent"]:
        why = f"{'、'.join(found['silent'])} 失联", f"{', '.join(found['silent'])} silent"
    elif not found["unknown"]:
        why = "没有雨量阈值", "no threshold"
    _, zh, en = STATES[int(look.states.alarm[n])]
    if look.states.alarm[n] == SAFE:
        return f"{_name(look, n)}：未知（{why[0]}）", f"{_name(look, n)}: unknown ({why[1]})"
    return f"{_name(look, n)}：{why[0]}，保留{zh}", f"{_name(look, n)}: {why[1]}, {en.lower()} stays"


def _colour(look: Look, n: int) -> Said:
    _, zh, en = COLOURS[int(look.status.colour[n])]
    by = [words for (_, *words), decides in zip(SOURCES, look.status.decided[n], strict=True) if decides]
    return (
        f"{_name(look, n)}：{zh}（{'、'.join(one[0] for one in by)}）",
        f"{_name(look, n)}: {en.lower()} ({', '.join(one[1].lower() for one in by)})",
    )
