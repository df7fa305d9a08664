"""Whole households to shelters with room: as many persons as possible, the vulnerable counting double, then the least
person-time. Nobody's household is split, which makes it another problem than `assignment`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from layers.engine.hierarchy import FAR

Whole = NDArray[np.int64]

NEAREST = 8
"""So many shelters each household may be sent to, where there are more."""
TIME_S = 2.0


def lodge(persons: Whole, weight: Whole, room: Whole, ms: Whole) -> Whole:
    """The shelter of each household, -1 where none has room or none can be reached.

    Parameters
    ----------
    persons (h,) : of each household, above zero. weight (h,) : how much it counts that a household finds room.
    room (s,) : free places. ms (h, s) : milliseconds on foot, `FAR` where there is no way.

    Where the nearest ones suffice, each household gets its nearest. Else the best whole-household assignment is
    sought for `TIME_S`; should it take longer, households are placed in the order in which they were given.
    """
    best = np.full(len(persons), -1, np.int64)
    if not len(persons) or not len(room):
        return best
    nearest = ms.argmin(axis=1)
    reached = ms[np.arange(len(persons)), nearest] < FAR
    load = np.bincount(nearest[reached], persons[reached], len(room))
    if (load <= room).all():
        best[reached] = nearest[reached]
        return best
    return _exactly(persons, weight, room, ms) if reached.any() else best


def _exactly(persons: Whole, weight: Whole, room: Whole, ms: Whole) -> Whole:
    near = np.argsort(ms, axis=1, kind="stable")[:, :NEAREST]
    home, k = np.nonzero(np.take_along_axis(ms, near, axis=1) < FAR)
    shelter = near[home, k]
    fits = persons[home] <= room[shelter]
    home, shelter = home[fits], shelter[fits]
    n = len(home)
    if not n:
        return np.full(len(persons), -1, np.int64)
    cost = persons[home] * ms[home, shelter] / 1000
    dearest = np.zeros(len(persons))
    np.maximum.at(dearest, home, cost)
    prize = 1.0 + float(dearest.sum())  # of one person with room: more than all walks together can cost
    rows = np.concatenate([home, len(persons) + shelter])
    columns = np.tile(np.arange(n), 2)
    values = np.concatenate([np.ones(n), persons[home]])
    matrix = coo_array((values, (rows, columns)), shape=(len(persons) + len(room), n)).tocsr()
    found = milp(
        cost - prize * weight[home],
        integrality=np.ones(n),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix, ub=np.concatenate([np.ones(len(persons)), room])),
        options={"time_limit": TIME_S, "mip_rel_gap": 0.0},
    )
    best = np.full(len(persons), -1, np.int64)
    if found.x is not None:
        used = np.round(found.x).astype(bool)
        best[home[used]] = shelter[used]
        return best
    left = room.copy()
    for i in range(len(persons)):
        for s in shelter[home == i]:
            if persons[i] <= left[s]:
                best[i], left[s] = s, left[s] - persons[i]
                break
    return best
