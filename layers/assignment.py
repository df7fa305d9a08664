"""People to shelters: as many as there is room for, and of all such ways the one of least total cost, exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import cg

from gis_data.errors import Invalid
from layers.engine import transport
from layers.engine.transport import FAR, Floats, Ints, Rows

LIMIT = 2**58  # of any product of costs, people and shelters, so that no sum overflows
SAMPLE, SMALL = 8, 2000  # a cold start first solves for every 8th cell, down to 2000 cells
ROUNDS, DAMPING, NARROWING = 8, 0.6, 0.7


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who goes where, with prices that prove that no other assignment is better.

    With u[i] the least of `penalty` and cost + price over the pairs of cell i, every pair used costs exactly
    u[i], a cell with unmet persons has u[i] = penalty, and a shelter with room left has price 0.

    Attributes
    ----------
    cell, shelter, persons : (n,) the pairs used, by cell and then shelter, persons > 0.
    cost : the sum of persons × cost. assigned : the sum of persons. unmet : (d,) persons left, per cell.
    prices : (s,) of one more place in each shelter, in units of cost.
    penalty : of one person not assigned; more than any change of places can cost.
    """

    cell: Ints
    shelter: Ints
    persons: Ints
    cost: int
    assigned: int
    unmet: Ints
    prices: Ints
    penalty: int


def assign(
    people: ArrayLike,
    capacity: ArrayLike,
    cell: ArrayLike,
    shelter: ArrayLike,
    cost: ArrayLike,
    *,
    start: Assignment | None = None,
) -> Assignment:
    """Assign as many persons as possible at the least total cost; a cell may be split.

    Parameters
    ----------
    people : (d,) persons per cell. capacity : (s,) places per shelter.
    cell, shelter, cost : (k,) allowed pairs, and whole metres or milliseconds per person; of a pair given
        twice the lower cost counts.
    start : the answer to a similar problem with the same cells and shelters; it saves time and changes
        neither the cost nor the number assigned.

    Raises
    ------
    Invalid : an array of another shape or type, a negative number, an index out of range, numbers too large.
    """
    people, capacity = _whole(people, "people"), _whole(capacity, "capacity")
    cell, shelter = _whole(cell, "cell", len(people)), _whole(shelter, "shelter", len(capacity))
    cost = _whole(cost, "cost")
    d, s, total = len(people), len(capacity), people.sum(dtype=float)
    if not len(cell) == len(shelter) == len(cost):
        raise Invalid("单元、避难所和费用的数量须相同。", "Pairs need one cell, shelter and cost each.", field="cost")
    if start is not None and (len(start.unmet), len(start.prices)) != (d, s):
        raise Invalid("起始方案须有相同的单元和避难所。", "The start has other cells or shelters.", field="start")
    dearest = int(cost.max(initial=0))
    if dearest * max(total, 8.0 * (s + 2) ** 2) > LIMIT or total * (s + 2) > LIMIT:
        raise Invalid("费用或人数过大。", "The costs or the people are too many.", field="cost")
    penalty = dearest * s + 1
    capacity = np.minimum(capacity, int(total) + 1)  # one place more is never taken
    rows = transport.rows(d, s, cell, shelter, cost, penalty)
    if start is None:
        none = np.empty(0, np.int64)
        price, old = _cold_prices(people, capacity, rows), (none, none, none, none)
    else:
        scarce = 2 * start.prices > start.penalty  # these prices move with the penalty
        price = np.append(start.prices + (penalty - start.penalty) * scarce, 0)
        price = np.clip(price, 0, penalty)
        ends = np.cumsum(np.bincount(start.cell, minlength=d))
        old = (np.append(0, ends), start.shelter, start.persons, start.unmet)
    flow = transport.place(people, *rows, price, np.append(capacity, FAR), *old)
    transport.settle(*rows, capacity, flow, price)
    first, to, each = rows
    used = np.flatnonzero((flow > 0) & (to < s))
    persons = flow[used]
    return Assignment(
        cell=np.repeat(np.arange(d), np.diff(first))[used],
        shelter=to[used].astype(np.int64),
        persons=persons,
        cost=int((persons * each[used]).sum()),
        assigned=int(persons.sum()),
        unmet=flow[first[1:] - 1],
        prices=np.clip(price[:s], 0, penalty),
        penalty=penalty,
    )


def _whole(values: ArrayLike, field: str, below: int = 2**63) -> Ints:
    array = np.asarray(values)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise Invalid(f"{field} 须为一维整数数组。", f"{field} must be a row of whole numbers.", field=field)
    if array.size and (int(array.min()) < 0 or int(array.max()) >= below):
        raise Invalid(f"{field} 超出范围。", f"{field} is out of range.", field=field)
    return np.ascontiguousarray(array, np.int64)


def _cold_prices(people: Ints, capacity: Ints, rows: Rows) -> Ints:
    """Prices near the best, from a sample of the cells and then damped Newton steps on all of them.

    The slope of the load is read off the persons whose two best choices lie within `width` of each other.
    """
    price = np.zeros(len(capacity) + 1, np.int64)
    if len(people) <= SMALL:
        return price
    none = np.empty(0, np.int64)
    nearest = rows[1][
        transport.place(np.ones_like(people), *rows, price, np.full_like(price, FAR), none, none, none, none) > 0
    ]
    sample = np.argsort(nearest, kind="stable")[::SAMPLE]
    few, some = people[sample], transport.sample(*rows, sample)
    share = np.rint(capacity * (few.sum() / max(people.sum(), 1))).astype(np.int64)
    price = _cold_prices(few, share, some)
    transport.settle(
        *some, share, transport.place(few, *some, price, np.append(share, FAR), none, none, none, none), price
    )
    price = best = np.clip(price, 0, rows[2][-1])
    least, width = np.inf, float(rows[2][rows[1] < len(capacity)].mean() if len(rows[1]) > len(people) else 1) / 8
    for _ in range(ROUNDS):
        load, slope = transport.balance(people, *rows, price, int(width) + 1)
        excess = (load[:-1] - capacity).astype(float)
        active = np.flatnonzero((price[:-1] > 0) | (excess > 0))
        off = float(np.abs(excess[active]).sum())
        if off < least:
            least, best = off, price
        if off == 0:
            break
        step = _newton((slope + slope.T) / (2 * int(width) + 2), excess, active, width)
        price = price.copy()
        price[active] += np.rint(np.clip(DAMPING * step, -width, width)).astype(np.int64)
        price = np.maximum(price, 0)
        width *= NARROWING
    return best


def _newton(slope: Floats, excess: Floats, active: Ints, width: float) -> Floats:
    diagonal = slope.sum(axis=1)[active] + np.abs(excess[active]) / (8 * width + 1) + 1e-9
    matrix = csr_array(np.diag(diagonal) - slope[np.ix_(active, active)])
    step: Floats = cg(matrix, excess[active], rtol=1e-2, maxiter=100, M=diags_array(1 / diagonal))[0]
    return step
