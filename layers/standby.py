"""Where free crews should wait, so that as many persons as can be are near one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import vstack

from gis_data.errors import Invalid
from layers.deployment import sparse_rows


@dataclass(frozen=True)
class Option:
    """A place where a crew could wait: whose, where, and how long it takes to get there (0: it stays)."""

    crew: str
    place: str
    move_ms: int


@dataclass(frozen=True)
class Move:
    """One move, with the persons that it alone brings near (`gained`) and leaves without a crew near (`lost`)."""

    crew: str
    place: str
    move_ms: int
    gained: int
    lost: int


@dataclass(frozen=True)
class Standby:
    """Where to wait: the moves, and persons covered before and after."""

    moves: tuple[Move, ...]
    covered_before: int
    covered_after: int


def stand_by(options: Sequence[Option], near: Any, persons: Any, *, most_moves: int) -> Standby:
    """Where free crews should wait: the most persons near one of them, then the least total of moving times.

    Parameters
    ----------
    options : (o,) every crew's choices, staying (`move_ms` 0) among them.
    near : (o, d) the cells that each would cover. persons : (d,). most_moves : how many crews may move at all.

    The maximal covering location problem (Church, ReVelle 1974), solved by HiGHS without a gap; a place takes any
    number of crews.
    """
    cover, people = np.asarray(near, bool).reshape(len(options), -1), np.asarray(persons, np.int64)
    crews = sorted({option.crew for option in options})
    crew = np.array([crews.index(option.crew) for option in options], np.int64)
    move_ms = np.array([option.move_ms for option in options], float)
    stays = {option.crew for option in options if option.move_ms == 0}
    if stays != set(crews):
        raise Invalid("每支队伍须有原地待命的选项。", "Every crew needs the option of staying.", field="options")
    if not crews:
        return Standby((), 0, 0)
    signature, group = np.unique(cover[:, people > 0], axis=1, return_inverse=True)
    sums = np.bincount(group.ravel(), people[people > 0], signature.shape[1]).astype(float)
    o, g = cover.shape[0], len(sums)
    one = sparse_rows((crew, np.arange(o)), np.ones(o), (len(crews), o + g))
    reach = sparse_rows((np.arange(g), o + np.arange(g)), np.ones(g), (g, o + g))
    of, by = np.nonzero(signature.T)
    reach = reach - sparse_rows((of, by), np.ones(len(of)), (g, o + g))
    moved = sparse_rows((np.zeros(o, int), np.arange(o)), move_ms > 0, (1, o + g))
    covered = np.concatenate([np.zeros(o), sums])
    rows = [one, reach, moved]
    low = [np.ones(len(crews)), np.full(g, -np.inf), np.zeros(1)]
    high = [np.ones(len(crews)), np.zeros(g), np.array([float(most_moves)])]

    def solve(goal: Any) -> Any:
        return milp(
            goal, constraints=LinearConstraint(vstack(rows).tocsr(), np.concatenate(low), np.concatenate(high)),
            bounds=Bounds(np.zeros(o + g), np.ones(o + g)),
            integrality=np.concatenate([np.ones(o), np.zeros(g)]), options={"mip_rel_gap": 0.0},
        )  # fmt: skip

    best = round(-solve(-covered).fun)
    rows.append(sparse_rows((np.zeros(o + g, int), np.arange(o + g)), covered, (1, o + g)))
    low.append(np.array([best - 0.5]))
    high.append(np.array([np.inf]))
    found = solve(np.concatenate([move_ms / 1000, np.zeros(g)])).x[:o] > 0.5
    home = {option.crew: k for k, option in enumerate(options) if option.move_ms == 0}
    at = np.array([home[one] for one in crews])
    before, after = (int(people[cover[which].any(0)].sum()) for which in (at, found))
    moves = []
    for k in np.flatnonzero(found & (move_ms > 0)).tolist():
        rest = found.copy()
        rest[k] = False
        others = cover[rest].any(0)
        gained = int(people[cover[k] & ~others & ~cover[home[options[k].crew]]].sum())
        lost = int(people[cover[home[options[k].crew]] & ~others & ~cover[k]].sum())
        moves.append(Move(options[k].crew, options[k].place, int(move_ms[k]), gained, lost))
    return Standby(tuple(sorted(moves, key=lambda m: (m.crew, m.place))), before, after)
