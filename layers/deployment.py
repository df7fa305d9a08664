"""Teams to all open needs at once: as little unmet as can be, the gravest first, then the earliest, exactly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linear_sum_assignment, milp
from scipy.sparse import coo_array, csr_array, vstack

from gis_data.errors import Invalid
from layers.engine.hierarchy import FAR

Cells = NDArray[np.bool_]
Ints = NDArray[np.int64]
LATEST_MS = 48 * 3_600_000
"""Nobody is planned to arrive later than that: sums stay whole numbers below 2**53."""


@dataclass(frozen=True)
class Need:
    """What an incident asks for: `count` teams, or persons, each able to do all of `abilities`.

    Attributes
    ----------
    gravity : 1 is the gravest. latest_ms : the latest useful arrival from now. in_persons : `count` is of persons.
    """

    id: str
    abilities: frozenset[str]
    count: int
    gravity: int
    latest_ms: int = LATEST_MS
    in_persons: bool = False


@dataclass(frozen=True)
class Crew:
    """A team: what it can do, how many it is, how long it musters, and for how long it may still be on duty.

    `free` is False for one that may not be sent: it rests, or is out and stays there.
    """

    id: str
    abilities: frozenset[str]
    members: int
    muster_ms: int
    free: bool = True
    duty_left_ms: int = LATEST_MS


@dataclass(frozen=True)
class Policy:
    """What the bureau decides. All DEMO values.

    Attributes
    ----------
    weights : of a minute at each gravity, the gravest first; the last one holds for all lighter ones.
    persons_a_team : how many missing persons weigh like one missing team.
    least_work_ms : what a team must have left of its duty when it arrives.
    least_covered : persons who must stay within reach of a team that is not sent.
    """

    weights: tuple[int, ...] = (8, 4, 2, 1)
    persons_a_team: int = 10
    least_work_ms: int = 3_600_000
    least_covered: int = 0

    def weight(self, gravity: int) -> int:
        """The weight of a minute."""
        return self.weights[min(gravity, len(self.weights)) - 1]


@dataclass(frozen=True, eq=False)
class Deployment:
    """Who goes where, and what that leaves.

    Attributes
    ----------
    need : (t,) number of the need that each crew goes to, -1 where it stays.
    eta_ms : (t, n) muster and travel, `FAR` where the crew may not be sent there; `why_not` says why.
    short : (n,) teams or persons still missing. unmet : by gravity, in weighted units, the gravest first.
    weighted_ms : the sum of weight × arrival. covered_before, covered_after : persons near a crew that stays.
    reserved : the least coverage demanded has changed the answer. exact : it is proved that none is better.
    """

    need: Ints
    eta_ms: Ints
    short: Ints
    unmet: tuple[int, ...]
    weighted_ms: int
    covered_before: int
    covered_after: int
    reserved: bool
    exact: bool = True


def arrivals(crews: Sequence[Crew], needs: Sequence[Need], travel_ms: Any, policy: Policy = Policy()) -> Ints:
    """Muster plus travel (t, n) in milliseconds; `FAR` where a crew cannot or may not be of use.

    Parameters
    ----------
    travel_ms : (t, n) by each crew's own vehicle, `FAR` for no way.
    """
    travel = np.asarray(travel_ms, np.int64).reshape(len(crews), len(needs))
    eta = travel + np.array([c.muster_ms for c in crews], np.int64)[:, None]
    for t, crew in enumerate(crews):
        for n, need in enumerate(needs):
            if why_not(crew, need, int(travel[t, n]), policy):
                eta[t, n] = FAR
    return eta


def why_not(crew: Crew, need: Need, travel_ms: int, policy: Policy = Policy()) -> str:
    """Why a crew cannot serve a need: busy, incapable, unreachable, late or tired; empty where it can."""
    if not crew.free:
        return "busy"
    if not need.abilities <= crew.abilities:
        return "incapable"
    if travel_ms >= FAR:
        return "unreachable"
    eta_ms = crew.muster_ms + travel_ms
    if eta_ms > min(need.latest_ms, LATEST_MS):
        return "late"
    return "tired" if eta_ms + policy.least_work_ms > crew.duty_left_ms else ""


def deploy(
    crews: Sequence[Crew],
    needs: Sequence[Need],
    travel_ms: Any,
    *,
    persons: Any = (),
    near: Any = None,
    policy: Policy = Policy(),
    within_s: float = math.inf,
) -> Deployment:
    """The best deployment: least unmet by gravity, lexicographically; then the least sum of weight × arrival.

    Parameters
    ----------
    travel_ms : (t, n) milliseconds by each crew's own vehicle, `FAR` for no way.
    persons : (d,) of each cell. near : (t, d), whether a crew where it stands is within the limit of a cell.
    within_s : seconds for a search under a reserve; without a proof by then, a good answer that keeps the reserve.

    Without persons counted and with enough coverage kept it is an assignment (Jonker, Volgenant 1987, in scipy). The
    served places are the independent sets of a transversal matroid (Edmonds, Fulkerson 1965), so penalties that rise by
    one bound a level are enough to put gravity first. Else it is solved level by level by HiGHS, without a gap.

    Raises
    ------
    Invalid : a wrong shape or number, or coverage demanded that is not there even if nobody leaves.
    """
    if any(need.count < 0 or need.gravity < 1 for need in needs) or any(w < 1 for w in policy.weights):
        raise Invalid("需求数量、等级或权重有误。", "A count, gravity or weight is wrong.", field="needs")
    people = np.asarray(persons, np.int64)
    cover = np.zeros((len(crews), len(people)), bool) if near is None else np.asarray(near, bool)
    if cover.shape != (len(crews), len(people)):
        raise Invalid("覆盖表与队伍、单元数不符。", "`near` must be (crews, cells).", field="near")
    here = cover & np.array([crew.free for crew in crews], bool)[:, None]
    before = int(people[here.any(0)].sum())
    if before < policy.least_covered:
        raise Invalid(
            f"即使不派出任何队伍也只能覆盖 {before} 人，少于要求的 {policy.least_covered} 人。",
            f"Even if nobody leaves only {before} persons are covered, fewer than the {policy.least_covered} demanded.",
            field="least_covered",
        )
    eta = arrivals(crews, needs, travel_ms, policy)
    levels = sorted({need.gravity for need in needs})
    cost = eta * np.array([policy.weight(need.gravity) for need in needs], np.int64)
    simple = not any(need.in_persons for need in needs)
    chosen = _assigned(needs, eta, cost, levels) if simple else None
    reserved = chosen is not None and _left(here, people, chosen) < policy.least_covered
    exact, usual = True, max(1, round(np.mean([crew.members for crew in crews]))) if crews else 1
    if chosen is None or reserved:
        try:
            chosen = _solved(crews, needs, eta, cost, levels, here, people, policy, bound=chosen, within_s=within_s)
        except TimeoutError:
            teams = [replace(need, count=-(-need.count // usual)) if need.in_persons else need for need in needs]
            exact, chosen = False, _held_back(teams, eta, cost, levels, here, people, policy)
    if not simple and policy.least_covered:
        freely = _solved(crews, needs, eta, cost, levels, here[:, :0], people[:0], Policy(**_loose(policy)), bound=None)
        reserved = bool((freely != chosen).any())
    short = _short(crews, needs, chosen)
    sent = np.flatnonzero(chosen >= 0)
    return Deployment(
        chosen, eta, short, _unmet(needs, short, levels, policy), int(cost[sent, chosen[sent]].sum()), before,
        _left(here, people, chosen), reserved, exact,
    )  # fmt: skip


def _loose(policy: Policy) -> dict[str, Any]:
    return {**vars(policy), "least_covered": 0}


def _left(here: Cells, people: Ints, chosen: Ints) -> int:
    return int(people[here[chosen < 0].any(0)].sum())


def _short(crews: Sequence[Crew], needs: Sequence[Need], chosen: Ints) -> Ints:
    members = np.array([crew.members for crew in crews], np.int64)
    given = [int((members[chosen == n] if need.in_persons else chosen[chosen == n] >= 0).sum())
             for n, need in enumerate(needs)]  # fmt: skip
    return np.array([max(0, need.count - some) for need, some in zip(needs, given, strict=True)], np.int64)


def _unit(need: Need, policy: Policy) -> int:
    return 1 if need.in_persons else policy.persons_a_team


def _unmet(needs: Sequence[Need], short: Ints, levels: Sequence[int], policy: Policy) -> tuple[int, ...]:
    return tuple(
        sum(int(short[n]) * _unit(need, policy) for n, need in enumerate(needs) if need.gravity == level)
        for level in levels
    )


def _assigned(needs: Sequence[Need], eta: Ints, cost: Ints, levels: Sequence[int]) -> Ints:
    """The assignment, without any reserve."""
    slot = np.repeat(np.arange(len(needs)), [min(need.count, len(eta)) for need in needs])
    chosen = np.full(len(eta), -1, np.int64)
    if not len(slot) or not len(eta):
        return chosen
    some, able = cost[:, slot].astype(float), eta[:, slot] < FAR
    bound = float(cost[eta < FAR].max(initial=0)) * min(len(slot), len(eta)) + 1
    rank = np.array([len(levels) - levels.index(needs[n].gravity) for n in slot.tolist()])
    table = np.where(able, some - rank * bound, 0.0)
    for t, k in zip(*linear_sum_assignment(table), strict=True):
        if able[t, k]:
            chosen[t] = slot[k]
    return chosen


def _solved(
    crews: Sequence[Crew], needs: Sequence[Need], eta: Ints, cost: Ints, levels: Sequence[int], here: Cells,
    people: Ints, policy: Policy, *, bound: Ints | None, within_s: float = math.inf,
) -> Ints:  # fmt: skip
    """The deployment as a mixed integer program: pairs, what is missing of each need, groups of cells left covered."""
    t, n = np.nonzero(eta < FAR)
    pairs, count = len(t), len(needs)
    weight = np.array([_unit(need, policy) for need in needs], float)
    signature, group = np.unique(here[:, people > 0], axis=1, return_inverse=True)
    sums = np.bincount(group.ravel(), people[people > 0], signature.shape[1])
    signature, sums = signature[:, signature.any(0)], sums[signature.any(0)]
    if not policy.least_covered:
        signature, sums = signature[:, :0], sums[:0]
    groups, size = len(sums), pairs + count + len(sums)
    k = np.arange(pairs)
    given = np.array(
        [crews[i].members if needs[j].in_persons else 1 for i, j in zip(t.tolist(), n.tolist(), strict=True)]
    )
    rows = [sparse_rows((t, k), np.ones(pairs), (len(crews), size)), sparse_rows((n, k), given, (count, size))]
    rows[1] = rows[1] + sparse_rows((np.arange(count), pairs + np.arange(count)), np.ones(count), (count, size))
    asked = np.array([need.count for need in needs], float)
    most = np.array([np.inf if need.in_persons else need.count for need in needs])
    low, high = [np.zeros(len(crews)), asked], [np.ones(len(crews)), most]
    if groups:
        cover = csr_array(signature.T.astype(float)) @ rows[0]
        cover = cover + sparse_rows(
            (np.arange(groups), pairs + count + np.arange(groups)), np.ones(groups), (groups, size)
        )
        rows.append(cover)  # covered only if fewer leave than stand there
        low.append(np.full(groups, -np.inf))
        high.append(signature.sum(0).astype(float))
        total = sparse_rows((np.zeros(groups, int), pairs + count + np.arange(groups)), sums, (1, size))
        rows.append(total)
        low.append(np.array([float(policy.least_covered)]))
        high.append(np.array([np.inf]))
    upper = np.concatenate([np.ones(pairs), asked, np.ones(groups)])
    whole = np.concatenate([np.ones(pairs), np.zeros(count + groups)])
    arrival = np.concatenate([cost[t, n] / 1000, np.zeros(count + groups)])
    level = np.array([need.gravity for need in needs])
    missing = [np.concatenate([np.zeros(pairs), weight * (level == one), np.zeros(groups)]) for one in levels]

    def solve(goal: Any, kept: list[tuple[Any, float]]) -> Any:
        extra = [sparse_rows((np.zeros(size, int), np.arange(size)), row, (1, size)) for row, _ in kept]
        bounds = np.array([value for _, value in kept])
        matrix = vstack([*rows, *extra]).tocsr()
        limits = LinearConstraint(
            matrix, np.concatenate([*low, np.full(len(kept), -np.inf)]), np.concatenate([*high, bounds])
        )
        return milp(
            goal, constraints=limits, bounds=Bounds(np.zeros(size), upper), integrality=whole,
            options={"mip_rel_gap": 0.0} | ({"time_limit": within_s} if within_s < math.inf else {}),
        )  # fmt: skip

    if bound is not None:  # what is unmet without a reserve is a bound, level by level; often it can be kept
        least = _unmet(needs, _short(crews, needs, bound), levels, policy)
        found = solve(arrival, [(row, value + 0.5) for row, value in zip(missing, least, strict=True)])
        if found.status == 0:
            return _read(found.x[:pairs], t, n, len(crews))
        if found.status == 1:
            raise TimeoutError
    kept: list[tuple[Any, float]] = []
    for row in missing:
        found = solve(row, kept)
        if found.status == 1:
            raise TimeoutError
        if found.status != 0:
            raise RuntimeError(found.message)
        kept.append((row, round(found.fun) + 0.5))
    found = solve(arrival, kept)
    if found.status == 1:
        raise TimeoutError
    return _read(found.x[:pairs], t, n, len(crews))


def _held_back(
    needs: Sequence[Need], eta: Ints, cost: Ints, levels: Sequence[int], here: Cells, people: Ints, policy: Policy
) -> Ints:
    """Crews go as in the assignment but for some that stay: from the lightest needs first, those that cover most."""
    gravity, stays = np.array([need.gravity for need in needs], np.int64), np.zeros(len(eta), bool)
    while True:
        chosen = _assigned(needs, np.where(stays[:, None], FAR, eta), cost, levels)
        if _left(here, people, chosen) >= policy.least_covered:
            return chosen
        bare = people * ~here[chosen < 0].any(0)
        gain = here @ bare
        sent = np.flatnonzero((chosen >= 0) & (gain > 0))
        stays[sent[np.lexsort((-gain[sent], -gravity[chosen[sent]]))[0]]] = True


def sparse_rows(at: tuple[Any, Any], values: Any, shape: tuple[int, int]) -> Any:
    """Values at (rows, columns) as constraints of that shape."""
    return coo_array((np.asarray(values, float), at), shape=shape).tocsr()


def _read(x: Any, t: Any, n: Any, crews: int) -> Ints:
    chosen = np.full(crews, -1, np.int64)
    chosen[t[x > 0.5]] = n[x > 0.5]
    return chosen
