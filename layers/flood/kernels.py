"""The water model's loops, compiled. First a row at a time: discharge over faces, its limit, the depth that follows;
then many steps, by one or two threads that keep the same rows.

The rows' loops have no branches, and each writes into one array alone: LLVM then turns them into vector instructions.
All arrays are padded grids, one ring of cells wider than the scene; face i lies between cells i - 1 and i. Nothing here
is NaN or infinite, which `fastmath` relies upon. All is one module, for Numba's cache sees changes of a module alone.

Nothing here makes an array, and whoever calls keeps those it gives: references are not counted (`_nrt=False`), for each
row taken would cost two atomic additions, a sixth of the whole time.

Every value is made by the same operations whichever thread makes it, so the number of threads changes nothing.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba import njit, types
from numba.extending import intrinsic

binding.set_option("layers.flood", "-runtime-memory-check-threshold=32")  # how many arrays a vector loop may take
DRY_M = 1e-5
"""Water thinner than this does not flow."""
TWO, FOUR, EIGHT = np.uint64(2), np.uint64(4), np.uint64(8)
_SEED = np.uint64(0x553EF0FF289DD794)
"""Less a third of the bits of x it makes a first guess at x^(-1/3), good to some per cent."""
LOSS, EDGE, LEVEL, SOURCE = 0, 1, 2, 3
"""Columns of a row's account, cubic metres per square metre of cell: lost, out over the edge, from level bodies, in."""
NOTED = 4
"""Arrivals are noted every so many steps."""
_yield = types.ExternalFunction("sched_yield", types.int32())


@intrinsic
def _bits(typing: Any, x: Any) -> Any:
    """A number's 64 bits as an integer."""
    return types.uint64(types.float64), lambda context, builder, signature, args: builder.bitcast(
        args[0], ir.IntType(64)
    )


@intrinsic
def _number(typing: Any, x: Any) -> Any:
    """The number that 64 bits stand for."""
    return types.float64(types.uint64), lambda context, builder, signature, args: builder.bitcast(
        args[0], ir.DoubleType()
    )


@njit(inline="always")
def inverse_cube_root(x: Any) -> Any:
    """x^(-1/3) of a positive number to 3e-5: a guess from its bits, each shift in turn 5/4, 17/16, 257/256, then one
    step of fourth order."""
    i = _bits(x)
    i += i >> TWO
    i += i >> FOUR
    i += i >> EIGHT
    r = _number(_SEED - (i >> TWO))
    e = 1.0 - x * r * r * r
    return r + r * e * (1 / 3 + e * (2 / 9 + e * (14 / 81)))


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def along(
    lo: int, hi: int, z: Any, h: Any, crest: Any, q: Any, north: Any, south: Any, gn2: Any, p: Any, dt: float,
    cell: float, theta: float,
) -> None:  # fmt: skip
    """New discharge p over the faces lo..hi of a row, from the last one q; `north` and `south` are those across it."""
    z, h, q, north, south = z[lo - 1 :], h[lo - 1 :], q[lo - 1 :], north[lo - 1 :], south[lo - 1 :]
    crest, gn2, p = crest[lo:], gn2[lo:], p[lo:]
    g = 9.80665 * dt / cell
    side = 0.5 * (1.0 - theta)
    for i in range(hi + 1 - lo):
        left, right = z[i] + h[i], z[i + 1] + h[i + 1]
        depth = max(left, right) - crest[i]
        deep = max(depth, DRY_M)
        r = inverse_cube_root(deep)
        r2 = r * r
        cross = 0.25 * (north[i] + north[i + 1] + south[i] + south[i + 1])
        speed = sqrt(q[i + 1] * q[i + 1] + cross * cross)
        pushed = theta * q[i + 1] + side * (q[i] + q[i + 2]) + g * deep * (left - right)
        new = pushed / (1.0 + dt * gn2[i] * speed * (r2 * r2 * r2 * r))
        p[i] = new if depth > DRY_M else 0.0


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def across(
    lo: int, hi: int, z0: Any, h0: Any, z: Any, h: Any, crest: Any, q0: Any, q: Any, q1: Any, x0: Any, x: Any,
    gn2: Any, p: Any, dt: float, cell: float, theta: float,
) -> None:  # fmt: skip
    """The same over the faces between this row and the one above (`z0`, `h0`); q0, q1 are the faces before and after,
    `x0` and `x` the discharges along both rows."""
    z0, h0, z, h, x0, x, crest = z0[lo:], h0[lo:], z[lo:], h[lo:], x0[lo:], x[lo:], crest[lo:]
    q0, q, q1, gn2, p = q0[lo:], q[lo:], q1[lo:], gn2[lo:], p[lo:]
    g = 9.80665 * dt / cell
    side = 0.5 * (1.0 - theta)
    for i in range(hi + 1 - lo):
        left, right = z0[i] + h0[i], z[i] + h[i]
        depth = max(left, right) - crest[i]
        deep = max(depth, DRY_M)
        r = inverse_cube_root(deep)
        r2 = r * r
        cross = 0.25 * (x0[i] + x0[i + 1] + x[i] + x[i + 1])
        speed = sqrt(q[i] * q[i] + cross * cross)
        pushed = theta * q[i] + side * (q0[i] + q1[i]) + g * deep * (left - right)
        new = pushed / (1.0 + dt * gn2[i] * speed * (r2 * r2 * r2 * r))
        p[i] = new if depth > DRY_M else 0.0


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def share(lo: int, hi: int, h: Any, rain: Any, px: Any, py: Any, py1: Any, f: Any, dt: float, cell: float) -> None:
    """Which share f of what would leave each cell it can give: no cell gives more than it has and gets as rain."""
    h, rain, px, py, py1, f = h[lo:], rain[lo:], px[lo:], py[lo:], py1[lo:], f[lo:]
    step = dt / cell
    for i in range(hi + 1 - lo):
        leaves = step * (max(px[i + 1], 0.0) - min(px[i], 0.0) + max(py1[i], 0.0) - min(py[i], 0.0))
        has = h[i] + rain[i] * dt
        f[i] = has / max(leaves, max(has, 1e-30))


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def limit_along(lo: int, hi: int, p: Any, f: Any, q: Any) -> None:
    """Discharge q along the row that the upstream cell can give."""
    p, f, q = p[lo:], f[lo - 1 :], q[lo:]
    for i in range(hi + 1 - lo):
        before, after = f[i], f[i + 1]
        q[i] = p[i] * (before if p[i] > 0.0 else after)


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def limit_across(lo: int, hi: int, p: Any, f0: Any, f: Any, q: Any) -> None:
    """Discharge q from the row above, whose shares are f0, that the upstream cell can give."""
    p, f0, f, q = p[lo:], f0[lo:], f[lo:], q[lo:]
    for i in range(hi + 1 - lo):
        before, after = f0[i], f[i]
        q[i] = p[i] * (before if p[i] > 0.0 else after)


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def settle(
    lo: int, hi: int, h: Any, rain: Any, loss: Any, qx: Any, qy: Any, py1: Any, f: Any, f1: Any, dt: float, cell: float
) -> float:
    """Depth after a step, in place; gives the sum of what the ground and the drains took, metres."""
    h, rain, loss, qx, qy, py1, f, f1 = h[lo:], rain[lo:], loss[lo:], qx[lo:], qy[lo:], py1[lo:], f[lo:], f1[lo:]
    step = dt / cell
    taken = 0.0
    for i in range(hi + 1 - lo):
        here, below = f[i], f1[i]
        leaves = py1[i] * (here if py1[i] > 0.0 else below)
        new = max(h[i] + rain[i] * dt + step * (qx[i] - qx[i + 1] + qy[i] - leaves), 0.0)
        lost = min(loss[i] * dt, new)
        taken += lost
        h[i] = new - lost
    return taken


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def keep_peak(lo: int, hi: int, h: Any, peak: Any) -> Any:
    """Raise the peak to the present depth, in place; gives the greatest depth, and the greatest that is a new peak."""
    h, peak = h[lo:], peak[lo:]
    most, new = 0.0, 0.0
    for i in range(hi + 1 - lo):
        now, before = h[i], peak[i]
        most = max(most, now)
        new = max(new, now if now > before else 0.0)
        peak[i] = max(before, now)
    return most, new


@njit(cache=True, nogil=True, _nrt=False, fastmath=True, error_model="numpy")
def keep_arrival(lo: int, hi: int, h: Any, depth: float, t: Any, arrival: Any) -> None:
    """Note the time at cells that have reached the depth and had not before, in place."""
    h, arrival = h[lo:], arrival[lo:]
    for i in range(hi + 1 - lo):
        earlier = arrival[i]
        arrival[i] = min(earlier, t) if h[i] >= depth else earlier


@intrinsic
def _arrive(typing: Any, met: Any) -> Any:
    """Add one to met[0], for all threads to see."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(met)(context, builder, args[0]).data
        builder.atomic_rmw("add", data, ir.Constant(ir.IntType(64), 1), "seq_cst")
        return context.get_dummy_value()

    return types.void(met), generate


@intrinsic
def _arrived(typing: Any, met: Any) -> Any:
    """met[0] as the other threads have left it."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(met)(context, builder, args[0]).data
        return builder.load_atomic(data, "seq_cst", 8)

    return types.int64(met), generate


@njit(cache=True, nogil=True, _nrt=False)
def _meet(met: Any, until: int) -> None:
    """Wait until so many have arrived; after a while let others have the core."""
    _arrive(met)
    spins = 0
    while _arrived(met) < until:
        spins += 1
        if spins > 2000:
            _yield()


@njit(cache=True, nogil=True, _nrt=False)
def _wet(row: Any, lo: int, hi: int, old_lo: int, old_hi: int) -> Any:
    """The columns from the first to the last that hold water or did."""
    while lo < old_lo and lo <= hi and row[lo] == 0.0:
        lo += 1
    while hi > old_hi and hi >= lo and row[hi] == 0.0:
        hi -= 1
    return min(lo, old_lo), max(hi, old_hi)


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy")
def _discharges(j: int, dt: float, numerics: Any, ground: Any, state: Any, work: Any, span: Any, edge: Any) -> None:
    """What would flow over the faces west and north of row j's cells."""
    cell, theta = numerics[0], numerics[1]
    z, crest_x, crest_y, gn2_x, gn2_y, _, _ = ground
    h, qx, qy = state
    px, py = work[:2]
    inside, wet, reach = span
    edge_x, edge_x_face, edge_x_cell, edge_x_flow, edge_y, edge_y_column, edge_y_up, edge_y_flow = edge
    lo = max(min(wet[j - 1, 0], wet[j, 0], wet[j + 1, 0]) - 1, inside[j, 0])
    hi = min(max(wet[j - 1, 1], wet[j, 1], wet[j + 1, 1]) + 1, inside[j, 1])
    reach[j, 0], reach[j, 1] = lo, hi
    if lo <= hi:
        along(lo, hi + 1, z[j], h[j], crest_x[j], qx[j], qy[j], qy[j + 1], gn2_x[j], px[j], dt, cell, theta)
        across(
            lo, hi, z[j - 1], h[j - 1], z[j], h[j], crest_y[j], qy[j - 1], qy[j], qy[j + 1], qx[j - 1], qx[j],
            gn2_y[j], py[j], dt, cell, theta,
        )  # fmt: skip
    for k in range(edge_x[j], edge_x[j + 1]):
        px[j, edge_x_face[k]] = edge_x_flow[k] * h[j, edge_x_cell[k]] ** (5 / 3)
    for k in range(edge_y[j], edge_y[j + 1]):
        i = edge_y_column[k]
        py[j, i] = edge_y_flow[k] * h[j - edge_y_up[k], i] ** (5 / 3)


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy")
def _shares(j: int, dt: float, cell: float, rain: Any, state: Any, work: Any, reach: Any, held: Any) -> None:
    """What share of that row j's cells can give; water bodies give all."""
    px, py, f, _, _ = work
    share(reach[j, 0], reach[j, 1], state[0][j], rain[j], px[j], py[j], py[j + 1], f[j], dt, cell)
    for k in range(held[0][j], held[0][j + 1]):
        f[j, held[1][k]] = 1.0


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy")
def _depths(
    j: int, t: float, since: float, dt: float, note: bool, cell: float, ground: Any, state: Any, work: Any, span: Any,
    edge: Any, held: Any, sources: Any, record: Any, account: Any,
) -> None:  # fmt: skip
    """What flows, the depths of row j's cells at time t after it has, and what is to be remembered of them."""
    rain, loss = ground[5], ground[6]
    h, qx, qy = state
    px, py, f, deepest, risen = work
    _, wet, reach = span
    edge_x, edge_x_face, _, _, edge_y, edge_y_column, _, _ = edge
    held_row, held_column, held_m, held_rise = held
    source_row, source_column, source_ms, source_rise = sources
    peak, arrival, depths = record
    limit_across(
        min(reach[j - 1, 0], reach[j, 0]), max(reach[j - 1, 1], reach[j, 1]), py[j], f[j - 1], f[j], qy[j]
    )  # fmt: skip
    for k in range(edge_y[j], edge_y[j + 1]):
        account[j, EDGE] += abs(qy[j, edge_y_column[k]]) * dt / cell
    lo, hi = reach[j, 0], reach[j, 1]
    if lo > hi:
        return
    limit_along(lo, hi + 1, px[j], f[j], qx[j])
    for k in range(edge_x[j], edge_x[j + 1]):
        account[j, EDGE] += abs(qx[j, edge_x_face[k]]) * dt / cell
    account[j, LOSS] += settle(
        lo, hi, h[j], rain[j], loss[j], qx[j], qy[j], py[j + 1], f[j], f[j + 1], dt, cell
    )  # fmt: skip
    for k in range(held_row[j], held_row[j + 1]):
        i = held_column[k]
        down = py[j + 1, i] * (f[j, i] if py[j + 1, i] > 0.0 else f[j + 1, i])
        account[j, LEVEL] += (qx[j, i + 1] - qx[j, i] + down - qy[j, i]) * dt / cell
        h[j, i] = held_m[k] + held_rise[k] * (t - since)
    for k in range(source_row[j], source_row[j + 1]):
        more = (source_ms[k] + source_rise[k] * (t - dt / 2 - since)) * dt
        h[j, source_column[k]] += more
        account[j, SOURCE] += more
    deepest[j], new = keep_peak(lo, hi, h[j], peak[j])
    risen[j] = max(risen[j], new)
    if note:
        for k in range(len(depths)):
            if risen[j] >= depths[k]:
                keep_arrival(lo, hi, peak[j], depths[k], t, arrival[k, j])
        risen[j] = 0.0
    wet[j, 0], wet[j, 1] = _wet(h[j], lo, hi, wet[j, 0], wet[j, 1])


@njit(cache=True, nogil=True, _nrt=False, error_model="numpy")
def march(
    worker: int, workers: int, met: Any, first: int, last: int, clock: Any, steps: int, numerics: Any, ground: Any,
    state: Any, work: Any, span: Any, edge: Any, held: Any, sources: Any, record: Any, account: Any,
) -> None:  # fmt: skip
    """Step until the chunk's end or for so many steps; `clock` is (t, the end, steps made, since when rates rise).

    Rows first..last of the padded grid, three or more, are this thread's. A step is one sweep over them: discharges of
    a row, shares of the one before, depths of the one before that, all in the processor's cache; rows that a neighbour
    needs are made beforehand. `span` is (inside, wet, reach): for each row the first and the last column that is land,
    that holds water, that this step looks at. `edge`, `held` and `sources` are lists by row: where each row's begin,
    the column, and what is there.
    """
    cell, theta, alpha, dt_max, h_min = numerics
    stable = sqrt(theta / 2) * cell  # of a pattern that changes sign from cell to cell, in both directions
    rain, deepest, reach = ground[5], work[3], span[2]
    t, end, since = clock[0], clock[1], clock[3]
    met_at, made = 0, 0
    while t < end and made < steps:
        most = h_min
        for j in range(len(deepest)):
            most = max(most, deepest[j])
        dt = min(dt_max, alpha * stable / sqrt(9.80665 * most))
        left = end - t
        if dt >= left:
            dt = left
        elif 2 * dt > left:
            dt = left / 2
        t += dt
        made += 1
        note = made % NOTED == 0 or made == steps or t >= end

        for j in (first, first + 1, last):
            _discharges(j, dt, numerics, ground, state, work, span, edge)
        met_at += workers
        _meet(met, met_at)
        for j in (first, last):
            _shares(j, dt, cell, rain, state, work, reach, held)
        met_at += workers
        _meet(met, met_at)
        for j in range(first + 2, last + 3):
            if j < last:
                _discharges(j, dt, numerics, ground, state, work, span, edge)
            if first < j - 1 < last:
                _shares(j - 1, dt, cell, rain, state, work, reach, held)
            _depths(
                j - 2, t, since, dt, note, cell, ground, state, work, span, edge, held, sources, record, account
            )  # fmt: skip
        met_at += workers
        _meet(met, met_at)
    if worker == 0:
        clock[0], clock[2] = t, made
