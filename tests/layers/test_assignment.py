"""Assignments are optimal, prove it by their prices, and are the same from every start."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array

from gis_data.errors import Invalid
from layers.assignment import Assignment, assign

Ints = NDArray[np.int64]
Problem = tuple[Ints, Ints, Ints, Ints, Ints]


def problem_of(people: list[int], capacity: list[int], pairs: list[tuple[int, int, int]]) -> Problem:
    cell, shelter, cost = np.array(pairs, np.int64).reshape(-1, 3).T
    return np.array(people, np.int64), np.array(capacity, np.int64), cell, shelter, cost


@st.composite
def problems(draw: st.DrawFn, *, same: Problem | None = None) -> Problem:
    """Small problems, with ties where costs are few; `same` gives the numbers of cells and shelters."""
    d = draw(st.integers(0, 8)) if same is None else len(same[0])
    s = draw(st.integers(0, 5)) if same is None else len(same[1])
    dearest = draw(st.sampled_from([0, 1, 3, 1000, 10**8]))
    pair = st.tuples(st.integers(0, max(d - 1, 0)), st.integers(0, max(s - 1, 0)), st.integers(0, dearest))
    return problem_of(
        draw(st.lists(st.integers(0, 12), min_size=d, max_size=d)),
        draw(st.lists(st.integers(0, 20), min_size=s, max_size=s)),
        draw(st.lists(pair, max_size=30 if d and s else 0)),
    )


def clustered(d: int, s: int, seed: int, *, fill: float = 0.8, reach_m: float = 4000.0) -> Problem:
    """People about a few centres in a plane of 20 × 15 km, and shelters with too few places."""
    random = np.random.default_rng(seed)
    centres = random.uniform([0, 0], [20_000, 15_000], (6, 2))

    def points(n: int) -> NDArray[np.float64]:
        return centres[random.integers(0, 6, n)] + random.normal(0, 2000, (n, 2))

    cells, shelters = points(d), points(s)
    metres = np.hypot(*(cells[:, None] - shelters[None]).T).T
    cell, shelter = np.nonzero(metres < reach_m)
    people = random.integers(1, 41, d)
    share = random.lognormal(0, 0.6, s)
    capacity = np.rint(share / share.sum() * people.sum() * fill).astype(np.int64)
    return people, capacity, cell, shelter, np.rint(metres[cell, shelter]).astype(np.int64)


def highs(problem: Problem) -> tuple[int, int]:
    """The most persons that can be assigned, and the least cost of assigning them, by linear programs."""
    people, capacity, cell, shelter, cost = problem
    k = len(cell)
    if not k:
        return 0, 0
    rows, columns = np.concatenate([cell, len(people) + shelter]), np.tile(np.arange(k), 2)
    matrix = csr_array((np.ones(2 * k), (rows, columns)), shape=(len(people) + len(capacity), k))
    limits = np.concatenate([people, capacity])
    most = round(-linprog(-np.ones(k), A_ub=matrix, b_ub=limits, method="highs").fun)
    least = linprog(cost, A_ub=matrix, b_ub=limits, A_eq=np.ones((1, k)), b_eq=[most], method="highs")
    assert least.success
    return most, round(least.fun)


def check(problem: Problem, answer: Assignment) -> None:
    """The answer keeps within the problem, and its prices prove it optimal."""
    people, capacity, cell, shelter, cost = problem
    lowest: dict[tuple[int, int], int] = {}
    for i, j, c in zip(cell.tolist(), shelter.tolist(), cost.tolist(), strict=True):
        lowest[i, j] = min(c, lowest.get((i, j), c))
    used = list(zip(answer.cell.tolist(), answer.shelter.tolist(), strict=True))
    assert used == sorted(set(used))
    assert (answer.persons > 0).all()
    paid = [persons * lowest[pair] for persons, pair in zip(answer.persons.tolist(), used, strict=True)]
    assert (type(answer.cost), type(answer.assigned)) == (int, int)
    assert answer.cost == sum(paid)
    assert answer.assigned == answer.persons.sum()
    assert (answer.unmet >= 0).all()
    gone = np.bincount(answer.cell, answer.persons, len(people)).astype(int)
    assert np.array_equal(gone + answer.unmet, people)
    load = np.bincount(answer.shelter, answer.persons, len(capacity)).astype(int)
    assert (load <= capacity).all()

    assert (answer.prices >= 0).all()
    assert answer.penalty > len(capacity) * int(cost.max(initial=0))
    least = np.full(len(people), answer.penalty)
    np.minimum.at(least, cell, cost + answer.prices[shelter])
    worth = sum(n * u for n, u in zip(people.tolist(), least.tolist(), strict=True))
    rent = sum(n * p for n, p in zip(capacity.tolist(), answer.prices.tolist(), strict=True))
    assert worth - rent == answer.cost + answer.penalty * int(answer.unmet.sum())


HANDBOOK = problem_of(
    [180, 95, 260, 150, 40],
    [200, 100, 150],
    [(0, 0, 650), (0, 1, 900), (1, 1, 550), (1, 0, 900), (2, 1, 600), (3, 2, 500)],
)
FARTHER = [(2, 2, 1050), (3, 1, 1050), (4, 0, 1350), (4, 2, 1350)]


def test_the_handbooks_five_cells_fill_every_place() -> None:
    answer = assign(*HANDBOOK)
    assert (answer.assigned, answer.cost) == (450, 266_250)
    triples = list(zip(*(a.tolist() for a in (answer.cell, answer.shelter, answer.persons)), strict=True))
    assert triples == [(0, 0, 180), (1, 0, 20), (1, 1, 75), (2, 1, 25), (3, 2, 150)]
    assert answer.unmet.tolist() == [0, 0, 235, 0, 40]
    check(HANDBOOK, answer)


def test_a_longer_reach_brings_the_handbook_nothing() -> None:
    pairs = np.concatenate([np.column_stack(HANDBOOK[2:]), FARTHER])
    problem = (*HANDBOOK[:2], *pairs.T)
    answer = assign(*problem)
    assert (answer.assigned, answer.cost) == (450, 266_250)
    check(problem, answer)


@settings(max_examples=400, deadline=None)
@given(problems())
def test_small_problems_reach_the_optimum_of_the_linear_program(problem: Problem) -> None:
    answer = assign(*problem)
    check(problem, answer)
    if int(problem[4].max(initial=0)) <= 1000:  # a solver in floating point is no judge of larger sums
        assert (answer.assigned, answer.cost) == highs(problem)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_start_gives_the_optimum(data: st.DataObject) -> None:
    before = data.draw(problems())
    problem = data.draw(problems(same=before))
    cold, warm = assign(*problem), assign(*problem, start=assign(*before))
    check(problem, warm)
    assert (warm.assigned, warm.cost) == (cold.assigned, cold.cost)


@settings(max_examples=100, deadline=None)
@given(problems(), st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(problem: Problem, random: Any) -> None:
    order = list(range(len(problem[2])))
    random.shuffle(order)
    shuffled = (*problem[:2], *(array[order] for array in problem[2:]))
    first, second = assign(*problem), assign(*shuffled)
    for name in ("cell", "shelter", "persons", "unmet", "prices"):
        assert np.array_equal(getattr(first, name), getattr(second, name))


@pytest.mark.parametrize(("fill", "reach_m"), [(0.6, 4000.0), (0.9, 2500.0), (1.3, 4000.0)])
def test_a_middling_town_is_optimal(fill: float, reach_m: float) -> None:
    problem = clustered(3000, 40, 7, fill=fill, reach_m=reach_m)
    answer = assign(*problem)
    check(problem, answer)
    assert (answer.assigned, answer.cost) == highs(problem)


def test_a_town_that_changes_a_little_is_optimal_again() -> None:
    problem = clustered(20_000, 60, 3)
    before = assign(*problem)
    check(problem, before)
    random = np.random.default_rng(1)
    people, capacity, cell, shelter, cost = problem
    changed = random.choice(len(cell), len(cell) // 50, replace=False)
    cost = cost.copy()
    cost[changed] += random.integers(0, 900, len(changed))
    keep = np.ones(len(cell), bool)
    keep[changed[::3]] = False
    capacity = capacity.copy()
    capacity[5] = 0
    after = people, capacity, cell[keep], shelter[keep], cost[keep]
    warm, cold = assign(*after, start=before), assign(*after)
    check(after, warm)
    check(after, cold)
    assert (warm.assigned, warm.cost) == (cold.assigned, cold.cost)
    assert warm.cost != before.cost


def test_places_that_open_go_to_the_nearest() -> None:
    pairs = [(i, 0, 100 + i * 37 % 60) for i in range(60)]
    before = assign(*problem_of([1] * 60, [0], pairs))
    assert before.assigned == 0
    problem = problem_of([1] * 60, [45], pairs)
    answer = assign(*problem, start=before)
    assert (answer.assigned, answer.cost) == (45, sum(range(100, 145)))
    check(problem, answer)


def test_as_many_as_possible_comes_before_the_cost() -> None:
    problem = problem_of([1, 1, 1], [1, 1, 1], [(0, 0, 0), (0, 1, 10**8), (1, 1, 0), (1, 2, 10**8), (2, 0, 10**8)])
    answer = assign(*problem)
    assert (answer.assigned, answer.cost) == (3, 3 * 10**8)
    assert answer.shelter.tolist() == [1, 2, 0]
    check(problem, answer)


@pytest.mark.parametrize(
    ("problem", "unmet"),
    [
        (problem_of([], [], []), []),
        (problem_of([], [3], []), []),
        (problem_of([4], [], []), [4]),
        (problem_of([4, 2], [9], []), [4, 2]),
        (problem_of([4, 2], [9], [(1, 0, 5)]), [4, 0]),
        (problem_of([0, 0], [9], [(0, 0, 5), (1, 0, 5)]), [0, 0]),
        (problem_of([4, 2], [0], [(0, 0, 5), (1, 0, 5)]), [4, 2]),
    ],
    ids=["nothing", "no cells", "no shelters", "no pairs", "a cell without pairs", "no people", "no places"],
)
def test_what_is_missing_leaves_people_unmet(problem: Problem, unmet: list[int]) -> None:
    answer = assign(*problem)
    assert answer.unmet.tolist() == unmet
    assert answer.assigned == problem[0].sum() - sum(unmet)
    check(problem, answer)


@pytest.mark.parametrize("places", [[], [10**15, 10**15]], ids=["no shelters", "room for all"])
def test_a_town_with_no_shelter_or_room_for_all(places: list[int]) -> None:
    people, n = [2] * 5000, len(places)
    problem = problem_of(people, places, [(i, j, i % 7 + 3 * j) for i in range(5000) for j in range(n)])
    answer = assign(*problem)
    assert answer.assigned == (10_000 if n else 0)
    check(problem, answer)


def test_of_a_pair_given_twice_the_lower_cost_counts() -> None:
    pairs = [(0, 0, 7), (0, 0, 3), (0, 0, 9), *((1, 0, 500 - n) for n in range(200))]
    answer = assign(*problem_of([4, 1], [5], pairs))
    assert answer.persons.tolist() == [4, 1]
    assert answer.cost == 4 * 3 + 301


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("people", {0: [3, -1]}),
        ("people", {0: [[3, 1]]}),
        ("people", {0: [1.5, 2.0]}),
        ("capacity", {1: [-1]}),
        ("cell", {2: [2]}),
        ("cell", {2: [-1]}),
        ("shelter", {3: [1]}),
        ("shelter", {3: [-1]}),
        ("cost", {4: [-1]}),
        ("cost", {4: [1, 2]}),
        ("cost", {4: [2**60]}),
    ],
)
def test_wrong_input_is_named(field: str, change: dict[int, Any]) -> None:
    good: list[Any] = [[3, 1], [2], [0], [0], [5]]
    assert assign(*good).assigned == 2
    with pytest.raises(Invalid) as caught:
        assign(*(change.get(n, value) for n, value in enumerate(good)))
    assert caught.value.field == field


def test_a_start_of_other_cells_or_shelters_is_refused() -> None:
    start = assign(*problem_of([1], [1], [(0, 0, 1)]))
    with pytest.raises(Invalid) as caught:
        assign(*HANDBOOK, start=start)
    assert caught.value.field == "start"
