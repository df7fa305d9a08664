"""Teams to needs and where to wait, against every other way there is."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_data.errors import Invalid
from layers.deployment import Crew, Need, Policy, arrivals, deploy, why_not
from layers.engine.hierarchy import FAR
from layers.standby import Option, stand_by

ABLE = st.frozensets(st.sampled_from("ab"))
MINUTE = 60_000


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[Crew], list[Need], list[list[int]], list[int], list[list[bool]], int]:
    crews = [
        Crew(
            f"T{k}", draw(ABLE), draw(st.integers(1, 15)), draw(st.integers(0, 9)) * MINUTE,
            draw(st.integers(0, 5)) > 0, draw(st.sampled_from([70, 90, 900])) * MINUTE,
        )
        for k in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    needs = [
        Need(
            f"N{k}", draw(ABLE), draw(st.integers(0, 2)), draw(st.integers(1, 3)),
            draw(st.sampled_from([15, 60])) * MINUTE,
        )
        for k in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    if draw(st.booleans()):
        needs = [Need(n.id, n.abilities, n.count * 9, n.gravity, n.latest_ms, draw(st.booleans())) for n in needs]
    way = st.one_of(st.integers(0, 30).map(lambda m: m * MINUTE), st.just(FAR))
    travel = [[draw(way) for _ in needs] for _ in crews]
    persons = [draw(st.integers(0, 50)) for _ in range(3)]
    near = [[draw(st.booleans()) for _ in persons] for _ in crews]
    return crews, needs, travel, persons, near, draw(st.integers(0, 100))


def _value(crews, needs, eta, policy, chosen):  # type: ignore[no-untyped-def]
    """(unmet by gravity, weighted arrival) of a choice, or None where it is not allowed."""
    given = [0] * len(needs)
    for crew, n, row in zip(crews, chosen, eta, strict=True):
        if n >= 0:
            if row[n] >= FAR:
                return None
            given[n] += crew.members if needs[n].in_persons else 1
    if any(not need.in_persons and some > need.count for need, some in zip(needs, given, strict=True)):
        return None
    unit = [1 if need.in_persons else policy.persons_a_team for need in needs]
    levels = sorted({need.gravity for need in needs})
    short = [max(0, need.count - some) * u for need, some, u in zip(needs, given, unit, strict=True)]
    unmet = tuple(sum(s for s, n in zip(short, needs, strict=True) if n.gravity == level) for level in levels)
    sent = [(row, n) for n, row in zip(chosen, eta, strict=True) if n >= 0]
    return unmet, sum(int(row[n]) * policy.weight(needs[n].gravity) for row, n in sent)


def _covered(crews, persons, near, chosen):  # type: ignore[no-untyped-def]
    stay = [row for crew, n, row in zip(crews, chosen, near, strict=True) if n < 0 and crew.free]
    return sum(p for d, p in enumerate(persons) if any(row[d] for row in stay))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_without_time_for_a_proof_the_reserve_is_kept_all_the_same(case) -> None:  # type: ignore[no-untyped-def]
    crews, needs, travel, persons, near, least = case
    least = min(least, _covered(crews, persons, near, [-1] * len(crews)))
    near = np.array(near, bool).reshape(len(crews), len(persons))
    policy = Policy(least_covered=least)
    found = deploy(crews, needs, travel, persons=persons, near=near, policy=policy, within_s=0.0)
    best = deploy(crews, needs, travel, persons=persons, near=near, policy=policy)
    chosen = found.need.tolist()
    assert _covered(crews, persons, near, chosen) == found.covered_after >= least
    value = _value(crews, needs, arrivals(crews, needs, travel, policy), policy, chosen)
    if all(not need.in_persons for need in needs):
        assert value == (found.unmet, found.weighted_ms) >= (best.unmet, best.weighted_ms)
    if found.exact:
        assert (found.unmet, found.weighted_ms) == (best.unmet, best.weighted_ms)


@settings(max_examples=80, deadline=None)
@given(cases())
def test_no_other_deployment_is_better(case) -> None:  # type: ignore[no-untyped-def]
    crews, needs, travel, persons, near, least = case
    least = min(least, _covered(crews, persons, near, [-1] * len(crews)))
    policy = Policy(least_covered=least)
    near = np.array(near, bool).reshape(len(crews), len(persons))
    found = deploy(crews, needs, travel, persons=persons, near=near, policy=policy)
    eta = arrivals(crews, needs, travel, policy)
    ways = [w for w in product(range(-1, len(needs)), repeat=len(crews)) if _covered(crews, persons, near, w) >= least]
    best = min(v for w in ways if (v := _value(crews, needs, eta, policy, w)) is not None)
    assert (found.unmet, found.weighted_ms) == best
    assert _value(crews, needs, eta, policy, found.need.tolist()) == best
    assert found.covered_after == _covered(crews, persons, near, found.need.tolist()) >= least


def test_the_gravest_need_comes_first_whatever_the_time() -> None:
    crews = [Crew("T1", frozenset("a"), 10, 0)]
    needs = [Need("light", frozenset("a"), 1, 3), Need("grave", frozenset("a"), 1, 1)]
    found = deploy(crews, needs, [[MINUTE, 600 * MINUTE]])
    assert (found.need.tolist(), found.short.tolist()) == ([1], [1, 0])


def test_a_reserve_sends_the_team_that_nobody_hangs_on() -> None:
    crews = [Crew("T1", frozenset("a"), 10, 0), Crew("T2", frozenset("a"), 10, 0)]
    needs = [Need("N", frozenset("a"), 1, 1)]
    travel, near = [[MINUTE], [2 * MINUTE]], [[True, False], [False, True]]
    free = deploy(crews, needs, travel, persons=[100, 5], near=near)
    kept = deploy(crews, needs, travel, persons=[100, 5], near=near, policy=Policy(least_covered=100))
    assert (free.need.tolist(), free.covered_before, free.covered_after, free.reserved) == ([0, -1], 105, 5, False)
    assert (kept.need.tolist(), kept.covered_after, kept.reserved) == ([-1, 0], 100, True)
    with pytest.raises(Invalid):
        deploy(crews, needs, travel, persons=[100, 5], near=near, policy=Policy(least_covered=106))


def test_each_reason_for_staying() -> None:
    need = Need("N", frozenset("a"), 1, 1, 10 * MINUTE)
    able = frozenset("ab")
    assert why_not(Crew("T", able, 1, 0, free=False), need, 0) == "busy"
    assert why_not(Crew("T", frozenset("b"), 1, 0), need, 0) == "incapable"
    assert why_not(Crew("T", able, 1, 0), need, FAR) == "unreachable"
    assert why_not(Crew("T", able, 1, 6 * MINUTE), need, 5 * MINUTE) == "late"
    assert why_not(Crew("T", able, 1, 0, duty_left_ms=60 * MINUTE), need, MINUTE) == "tired"
    assert why_not(Crew("T", able, 1, 0), need, 10 * MINUTE) == ""


@st.composite
def waits(draw: st.DrawFn) -> tuple[list[Option], list[list[bool]], list[int], int]:
    options = [
        Option(f"T{t}", f"P{p}", 0 if p == 0 else draw(st.integers(1, 9)) * MINUTE)
        for t in range(draw(st.integers(1, 4)))
        for p in range(3)
    ]
    persons = [draw(st.integers(0, 9)) for _ in range(5)]
    return options, [[draw(st.booleans()) for _ in persons] for _ in options], persons, draw(st.integers(0, 3))


@settings(max_examples=60, deadline=None)
@given(waits())
def test_no_other_posts_cover_more(case) -> None:  # type: ignore[no-untyped-def]
    options, near, persons, most = case
    found = stand_by(options, near, persons, most_moves=most)
    crews = sorted({o.crew for o in options})
    best = min(
        (-sum(p for d, p in enumerate(persons) if any(near[k][d] for k in w)), sum(options[k].move_ms for k in w))
        for w in product(*([k for k, o in enumerate(options) if o.crew == crew] for crew in crews))
        if sum(options[k].move_ms > 0 for k in w) <= most
    )
    assert (-found.covered_after, sum(move.move_ms for move in found.moves)) == best


def test_a_move_says_whom_it_gains_and_loses() -> None:
    options = [Option("T1", "home", 0), Option("T1", "post", 5 * MINUTE)]
    found = stand_by(options, [[True, False, True], [False, True, True]], [10, 30, 7], most_moves=1)
    (move,) = found.moves
    assert (move.place, move.move_ms, move.gained, move.lost) == ("post", 5 * MINUTE, 30, 10)
    assert (found.covered_before, found.covered_after) == (17, 37)
