"""Shelter coverage: who has a shelter within the limit, and who has room in one. The handbook's 5.12 and 7.3."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from layers.assignment import Assignment, assign
from layers.engine.hierarchy import FAR
from layers.network import Floats, Ints, Network
from layers.positions import Places, Position, arriving, direct, leaving_all, seeds
from layers.profiles import DISTANCE, Profile

People = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Coverage:
    """The two figures that a plan needs, and what they rest on.

    Attributes
    ----------
    people (d,) : persons of each cell. nearest_mm (d,) : to the nearest shelter within the limit, `FAR` where none.
    assignment : who finds room where; its costs are person × milliseconds of the profile (millimetres of `DISTANCE`).
    cell, shelter, cost (k,) : all pairs within the limit. network_version : roads and closures that it holds for.
    """

    people: People
    nearest_mm: Ints
    assignment: Assignment
    cell: Ints
    shelter: Ints
    cost: Ints
    network_version: str

    @property
    def total(self) -> int:
        """Persons in all."""
        return int(self.people.sum())

    @property
    def covered(self) -> int:
        """Persons with a shelter within the limit: distance coverage, whatever its room."""
        return int(self.people[self.nearest_mm < FAR].sum())

    @property
    def assigned(self) -> int:
        """Persons with room in a shelter within the limit: capacity-constrained coverage."""
        return self.assignment.assigned

    @property
    def person_metres(self) -> float:
        """Persons × metres of the assignment, for a coverage by `DISTANCE`."""
        return self.assignment.cost / 1000


def cover(
    network: Network,
    cells: Places,
    people: People,
    shelters: Sequence[Position],
    capacity: People,
    limit_m: float,
    *,
    profile: Profile = DISTANCE,
    start: Coverage | None = None,
) -> Coverage:
    """Coverage of demand cells (d,) by shelters (s,) along the network, as it is open now.

    Parameters
    ----------
    cells : where each cell meets the network; a cell off the network is reached by nobody. people : (d,) persons.
    shelters, capacity : (s,) entrances and persons; leave out those that are not eligible.
    limit_m : metres along the network from cell to shelter (seconds, for a profile with a speed of its own).
    start : an earlier coverage of the same cells and shelters: it saves time and changes no figure.

    Each cell goes by its shortest way. As many as possible get room; of all such ways the total of persons × distance
    is the least.
    """
    limit = round(limit_m * 1000)
    goals = [arriving(network, place, profile) for place in shelters]
    lane, node, ms = network.metric(profile).reached(seeds(goals), limit, backward=True)
    n, d = len(network.plan.node_ids), len(people)
    by = np.lexsort((lane, node))
    first = np.searchsorted(node[by], np.arange(n + 1)).astype(np.int64)
    stops = leaving_all(network, cells, profile)
    own = _on_the_same_road(network, cells, shelters, profile)
    begins = np.searchsorted(stops[0], np.arange(d + 1)).astype(np.int64)
    near = np.searchsorted(own[0], np.arange(d + 1)).astype(np.int64)
    cell, shelter, cost, nearest = _join(
        begins, stops[1], stops[2], first, lane[by], ms[by], near, own[1], own[2], len(shelters), limit, FAR
    )
    found = assign(people, capacity, cell, shelter, cost, start=start.assignment if start else None)
    return Coverage(people, nearest, found, cell, shelter, cost, network.version)


def _on_the_same_road(
    network: Network, cells: Places, shelters: Sequence[Position], profile: Profile
) -> tuple[Ints, Ints, Ints]:
    """Cells that share a road with a shelter: cell, shelter, milliseconds along it; cells ascending."""
    ids, rows = network.plan.roads.index, {network.plan.row(place.road_id) for place in shelters}
    found = []
    for k in np.flatnonzero(np.isin(cells.row, list(rows))).tolist():
        road_id = int(ids[cells.row[k]])
        here = Position(road_id, float(cells.fraction[k]), 0.0, 0.0)
        for s, place in enumerate(shelters):
            if place.road_id == road_id and (ms := direct(network, here, place, profile)) < FAR:
                found.append((k, s, ms))
    columns: Ints = np.array(found, np.int32).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]


@njit(cache=True, nogil=True)
def _join(
    begins: Any, stop: Any, before: Any, first: Any, lane: Any, ms: Any,
    near: Any, near_shelter: Any, near_ms: Any, shelters: int, limit: int, far: int,
) -> Any:  # fmt: skip
    """All (cell, shelter, cost) within the limit, and each cell's least cost, from what each node has near."""
    cells = len(begins) - 1
    most = len(near_ms)
    for i in range(len(stop)):
        most += first[stop[i] + 1] - first[stop[i]]
    cell, shelter, cost = np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int32)
    nearest = np.full(cells, far, np.int32)
    best = np.full(shelters, far, np.int32)
    met = np.empty(shelters, np.int32)
    k = 0
    for c in range(cells):
        m = 0
        for i in range(begins[c], begins[c + 1]):
            for j in range(first[stop[i]], first[stop[i] + 1]):
                time = before[i] + ms[j]
                if time <= limit and time < best[lane[j]]:
                    if best[lane[j]] == far:
                        met[m] = lane[j]
                        m += 1
                    best[lane[j]] = time
        for i in range(near[c], near[c + 1]):
            if near_ms[i] <= limit and near_ms[i] < best[near_shelter[i]]:
                if best[near_shelter[i]] == far:
                    met[m] = near_shelter[i]
                    m += 1
                best[near_shelter[i]] = near_ms[i]
        some = met[:m]
        some.sort()
        for s in some:
            cell[k], shelter[k], cost[k] = c, s, best[s]
            nearest[c] = min(nearest[c], best[s])
            best[s] = far
            k += 1
    return cell[:k], shelter[:k], cost[:k], nearest


def places_of(network: Network, positions: Sequence[Position]) -> Places:
    """Positions as arrays."""
    rows = np.array([network.plan.row(place.road_id) for place in positions], np.int32)
    fractions: Floats = np.array([place.fraction for place in positions], float)
    return Places(rows, fractions, np.array([place.offset_m for place in positions], float))
