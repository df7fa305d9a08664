"""A route in words: turn by turn, in Chinese and English."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

import numpy as np

from layers.network import FORTH, Floats, Network
from layers.positions import part
from layers.routing import Route

TURNS = (
    (20.0, ("直行", "Go straight on")),
    (50.0, ("稍向{}转", "Bear {}")),
    (130.0, ("{}转", "Turn {}")),
    (165.0, ("向{}急转", "Turn sharp {}")),
    (181.0, ("掉头", "Turn round")),
)
"""Up to how many degrees a change of direction is called what."""
BEARINGS = (
    ("北", "north"), ("东北", "north-east"), ("东", "east"), ("东南", "south-east"),
    ("南", "south"), ("西南", "south-west"), ("西", "west"), ("西北", "north-west"),
)  # fmt: skip
KINDS = {
    "track": ("林道", "forest track"), "path": ("小路", "path"), "footway": ("人行道", "footway"),
    "steps": ("台阶", "steps"), "service": ("支路", "service road"),
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One instruction: where it begins (EPSG:4490), and how far and long until the next."""

    zh: str
    en: str
    metres: float
    seconds: float
    lon: float
    lat: float


def steps(network: Network, way: Route) -> list[Step]:
    """The route's instructions, one for each run of roads of one name, and the arrival."""
    plan = network.plan
    pieces = [(plan.row(road_id), begin, end) for road_id, begin, end in way.pieces]
    names = plan.roads.get("name")
    ms = network.road_ms(way.profile)

    def name(row: int) -> tuple[str, str]:
        given = names.iloc[row] if names is not None else None
        if isinstance(given, str) and given:
            return given, given
        return KINDS.get(plan.roads["class"].iloc[row], ("无名道路", "unnamed road"))

    found: list[Step] = []
    before: Floats | None = None
    for called, run in groupby(pieces, key=lambda piece: name(piece[0])):
        some = list(run)
        lines = [part(network, *piece) for piece in some]
        metres = sum(abs(end - begin) * plan.length_m[row] for row, begin, end in some)
        seconds = sum(abs(end - begin) * int(ms[row, FORTH if end >= begin else 1]) for row, begin, end in some) / 1000
        zh, en = _turn(before, lines[0]) if before is not None else _start(lines[0])
        lon, lat = lines[0][0].tolist()
        zh = f"{zh}，沿{called[0]}行 {_far(metres, '米', '公里')}"
        en = f"{en}, along {called[1]} for {_far(metres, 'm', 'km')}"
        found.append(Step(zh, en, float(metres), seconds, lon, lat))
        before = lines[-1]
    lon, lat = way.geometry.coords[-1]
    return [*found, Step("到达", "Arrive", 0.0, 0.0, lon, lat)]


def _far(metres: float, small: str, large: str) -> str:
    return f"{metres / 1000:.1f} {large}" if metres >= 1000 else f"{metres:.0f} {small}"


def _bearing(line: Floats, at: int) -> float:
    """Degrees clockwise from north of the first (0) or last (-1) stretch of a line, lon lat."""
    moved = line[np.insert(np.any(np.diff(line, axis=0) != 0, axis=1), 0, True)]
    if len(moved) < 2:
        return 0.0
    a, b = (moved[0], moved[1]) if at == 0 else (moved[-2], moved[-1])
    east = (b[0] - a[0]) * np.cos(np.radians(a[1]))
    return float(np.degrees(np.arctan2(east, b[1] - a[1])) % 360)


def _start(line: Floats) -> tuple[str, str]:
    zh, en = BEARINGS[round(_bearing(line, 0) / 45) % 8]
    return f"向{zh}出发", f"Set out {en}"


def _turn(before: Floats, after: Floats) -> tuple[str, str]:
    change = (_bearing(after, 0) - _bearing(before, -1) + 180) % 360 - 180
    side = ("右", "right") if change > 0 else ("左", "left")
    zh, en = next(words for upto, words in TURNS if abs(change) <= upto)
    return zh.format(side[0]), en.format(side[1])
