"""A scene as the kernels see it: padded grids, and lists of what differs from cell to cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.flood.scene import Bools, Floats, Scene

G = 9.80665
CLOSED_M = 1e9
"""The crest of a face that nothing crosses."""
MM_H = 1 / 3.6e6
"""Metres a second in a millimetre an hour."""


@dataclass(frozen=True)
class Grid:
    """One ring of cells before the scene, two behind it; cell (r, c) of the scene is (r + 1, c + 1) here."""

    ground: tuple[Floats, ...]
    inside: NDArray[np.int64]
    edge: tuple[Any, ...]
    held_row: NDArray[np.int64]
    held_column: NDArray[np.int64]
    held_body: NDArray[np.int32]
    held_z: Floats


def pad(grid: Any, shape: tuple[int, int], fill: float = 0.0) -> Floats:
    """A grid of cells, or of faces before them, within the padded shape of its scene."""
    rows, columns = grid.shape
    out = np.full((shape[0] + 3, shape[1] + 3), fill)
    out[1 : rows + 1, 1 : columns + 1] = grid
    return out


def by_row(rows: NDArray[Any], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The order that sorts by row, and where each row begins in it."""
    order = np.argsort(rows, kind="stable")
    return order, np.searchsorted(rows[order], np.arange(size + 1))


def grid_of(scene: Scene) -> Grid:
    """Everything about a scene that does not change while water runs."""
    ny, nx = scene.z.shape
    land = pad(scene.land, (ny, nx)) > 0
    body = pad(scene.body, (ny, nx), -1).astype(np.int32)
    lowest = np.array([min(one.level_m) for one in scene.bodies] or [0.0])
    z = np.where(land, pad(np.nan_to_num(scene.z), (ny, nx)), np.where(body >= 0, lowest[body], 0.0))
    shape = z.shape
    manning = pad(scene.manning, (ny, nx))
    crests, frictions = [], []
    for axis, wall in ((1, scene.crest_x), (0, scene.crest_y)):
        here, before = land, np.roll(land, 1, axis)
        water, water_before = body >= 0, np.roll(body >= 0, 1, axis)
        open_ = (here & before) | (here & water_before) | (water & before)
        crest = np.where(here & before, np.maximum(z, np.roll(z, 1, axis)), np.where(here, z, np.roll(z, 1, axis)))
        if wall is not None:
            rows, columns = wall.shape
            part = crest[1 : rows + 1, 1 : columns + 1]
            np.maximum(part, wall, out=part)
        crests.append(np.where(open_, crest, CLOSED_M))
        earlier = np.roll(manning, 1, axis)
        of_both = np.where(here & before, (manning + earlier) / 2, np.where(here, manning, earlier))
        frictions.append(np.where(open_, G * of_both**2, 0.0))
    shore = (body >= 0) & np.logical_or.reduce([np.roll(land, step, axis) for step in (1, -1) for axis in (0, 1)])
    width = np.full((shape[0], 2), (nx + 2, 0))
    used = land | shore
    some = used.any(axis=1)
    width[some, 0] = used[some].argmax(axis=1)
    width[some, 1] = shape[1] - 1 - used[some, ::-1].argmax(axis=1)
    row, column = np.nonzero(shore)
    _, begins = by_row(row, shape[0])
    loss = np.where(land, pad(scene.loss_mmh, (ny, nx)) * MM_H, 0.0)
    edge = _edge(scene, z, land, body, manning)
    ground = (z, *crests, *frictions, loss)
    return Grid(ground, width.astype(np.int64), edge, begins, column, body[row, column], z[row, column])


def _edge(scene: Scene, z: Floats, land: Bools, body: NDArray[np.int32], manning: Floats) -> tuple[Any, ...]:
    """Faces to the outside, by row: how much a metre of width lets out at a depth of one metre, with its sign."""
    lists: list[Any] = []
    out = ~land & (body < 0)
    for axis in (1, 0):
        rows, cells, faces, flows = [], [], [], []
        for step in (1, -1) if scene.edge_slope is not None else ():
            row, column = np.nonzero(land & np.roll(out, -step, axis))
            back = (row, column - step) if axis else (row - step, column)
            slope = np.where(land[back], z[back] - z[row, column], 0.0) / scene.cell_m
            flow = step * np.sqrt(np.maximum(slope, scene.edge_slope or 0.0)) / manning[row, column]
            face_row, face = row + (step == 1) * (axis == 0), column + (step == 1) * (axis == 1)
            wall = scene.crest_x if axis else scene.crest_y
            if wall is not None:
                flow = np.where(wall[face_row - 1, face - 1] > -np.inf, 0.0, flow)
            rows.append(face_row)
            cells.append(column if axis else np.full(len(row), int(step == 1)))
            faces.append(face)
            flows.append(flow)
        row, cell, face, flow = (
            np.concatenate(part) if part else np.empty(0, kind)
            for part, kind in ((rows, np.int64), (cells, np.int64), (faces, np.int64), (flows, float))
        )
        order, begins = by_row(row, len(z))
        lists += [begins, face[order], cell[order], flow[order]]
    return tuple(lists)
