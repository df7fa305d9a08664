"""The peer of `baochu bench command`: OR-Tools' minimum cost flow, in an environment of its own."""

import json
import sys
import time
from statistics import median

import numpy as np
from ortools.graph.python import min_cost_flow  # type: ignore[import-not-found]

FAR = 2**30 - 1


def main(file: str) -> None:
    """Least unmet by gravity, then least weighted arrival, by penalties that rise by one bound a level."""
    with np.load(file) as task:
        eta, count, gravity, weight = (task[name] for name in ("eta_ms", "count", "gravity", "weight"))
        rounds = int(task["rounds"])
    teams, needs = eta.shape
    levels = sorted(set(gravity.tolist()))
    seconds, answer = [], {}
    for _ in range(rounds):
        start = time.perf_counter()
        t, n = np.nonzero(eta < FAR)
        cost = eta[t, n] * weight[n]
        bound = int(cost.max()) * min(teams, int(count.sum())) + 1
        rank = np.array([len(levels) - levels.index(one) for one in gravity.tolist()])
        flow, source, sink = min_cost_flow.SimpleMinCostFlow(), teams + needs, teams + needs + 1
        pairs = flow.add_arcs_with_capacity_and_unit_cost(t, teams + n, np.ones(len(t), int), cost)
        every = np.arange(teams)
        flow.add_arcs_with_capacity_and_unit_cost(
            np.full(teams, source), every, np.ones(teams, int), np.zeros(teams, int)
        )
        stay = np.zeros(needs, int)
        flow.add_arcs_with_capacity_and_unit_cost(teams + np.arange(needs), np.full(needs, sink), count, stay)
        missing = flow.add_arcs_with_capacity_and_unit_cost(
            np.full(needs, source), teams + np.arange(needs), count, rank * bound
        )
        flow.set_nodes_supplies(np.array([source, sink]), np.array([int(count.sum()), -int(count.sum())]))
        assert flow.solve() == flow.OPTIMAL
        unmet = flow.flows(missing)
        sent = flow.flows(pairs) > 0
        seconds.append(time.perf_counter() - start)
        answer = {
            "unmet": [int(unmet[gravity == one].sum()) for one in levels],
            "weighted_ms": int(cost[sent].sum()),
        }
    print(json.dumps(answer | {"seconds": median(seconds)}))


main(sys.argv[1])
