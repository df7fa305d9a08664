"""Whole households to room: nearest where that will do, else as many as possible, and nobody split."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.engine.hierarchy import FAR
from layers.lodging import lodge

times = st.sampled_from([60_000, 120_000, 300_000, FAR])


def _whole(values: object) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.array(values, np.int64)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2), times, times), min_size=1, max_size=5),
    st.tuples(st.integers(0, 8), st.integers(0, 8)),
)
def test_nobody_could_place_more(homes: list[tuple[int, int, int, int]], room: tuple[int, int]) -> None:
    """Against all ways there are."""
    persons, weak, *ms = zip(*homes, strict=True)
    weight, walk = _whole(persons) + _whole(weak), _whole(ms).T
    found = lodge(_whole(persons), weight, _whole(room), walk)

    def worth(to: tuple[int, ...]) -> tuple[int, int] | None:
        load, gain, cost = [0, 0], 0, 0
        for i, s in enumerate(to):
            if s < 0:
                continue
            if walk[i, s] >= FAR:
                return None
            load[s] += persons[i]
            gain += int(weight[i])
            cost += persons[i] * int(walk[i, s])
        return (gain, -cost) if load[0] <= room[0] and load[1] <= room[1] else None

    best = max(w for to in product((-1, 0, 1), repeat=len(homes)) if (w := worth(to)))
    assert worth(tuple(found.tolist())) == best


def test_all_go_to_their_nearest_where_there_is_room() -> None:
    walk = _whole([[60_000, 90_000], [90_000, 60_000], [FAR, FAR]])
    assert lodge(_whole([3, 2, 4]), _whole([3, 2, 4]), _whole([10, 10]), walk).tolist() == [0, 1, -1]
