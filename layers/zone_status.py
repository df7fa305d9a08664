"""What colour a zone has on the map: the worst of official warning, rain and patrol. The handbook's 5.7."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from layers.thresholds import Flags, Levels, States

UNKNOWN, NONE, BLUE, YELLOW, ORANGE, RED = range(-1, 5)
COLOURS = {
    UNKNOWN: ("unknown", "未知", "Unknown"),
    NONE: ("none", "无", "None"),
    BLUE: ("blue", "蓝色", "Blue"),
    YELLOW: ("yellow", "黄色", "Yellow"),
    ORANGE: ("orange", "橙色", "Orange"),
    RED: ("red", "红色", "Red"),
}
SOURCES = (
    ("official", "镇街正式预警", "The town's official warning"),
    ("threshold", "雨量阈值（内部提示）", "Rain threshold (internal prompt)"),
    ("patrol", "巡查报告", "Patrol report"),
)


@dataclass(frozen=True)
class Scale:
    """The colour that each rain state (safe, prepare, immediate) and patrol finding stands for. DEMO values.

    A patrol finds: nothing, to monitor, to prepare, to evacuate (the handbook's 6.2).
    """

    threshold: tuple[int, int, int] = (NONE, ORANGE, RED)
    patrol: tuple[int, int, int, int] = (NONE, YELLOW, ORANGE, RED)
    source: str = "DEMO"


@dataclass(frozen=True, eq=False)
class Status:
    """Colours of zones (o,), and which of `SOURCES` decided, (o, 3). Own rain alone is hatched, never solid.

    `unknown` : zones of which a source is not known; their colour may be worse than shown.
    """

    colour: Levels
    decided: Flags
    unknown: Flags

    @property
    def internal(self) -> Flags:
        """Zones whose colour comes from our own threshold alone: drawn hatched."""
        return self.decided[:, 1] & ~self.decided[:, 0] & ~self.decided[:, 2]


def status(official: ArrayLike, rain: States, patrol: ArrayLike, scale: Scale | None = None) -> Status:
    """The worst of three, and which of them it was.

    Parameters
    ----------
    official : (o,) colour of the town's warning, `NONE` to `RED`; `UNKNOWN` where warnings are not received.
    rain : states of the same zones. patrol : (o,) 0 nothing, 1 monitor, 2 prepare, 3 evacuate; -1 no report yet,
    which is no doubt: patrols go where they are sent.
    """
    scale = scale or Scale()
    colour = np.asarray(official, np.int8)
    reported: NDArray[np.int8] = np.maximum(np.asarray(patrol, np.int8), 0)
    three = np.column_stack([colour, np.array(scale.threshold)[rain.alarm], np.array(scale.patrol)[reported]])
    worst = three.max(axis=1, initial=NONE)
    unknown = (colour == UNKNOWN) | rain.unknown
    decided = (three == worst[:, None]) & (worst > NONE)[:, None]
    return Status(np.where(unknown & (worst == NONE), UNKNOWN, worst).astype(np.int8), decided, unknown)
