"""Parts of a road's line, cut by share of its length in metres."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray


def part_of(line: shapely.LineString, metric: shapely.LineString, begin: float, end: float) -> NDArray[np.float64]:
    """Vertices (k, 2) of `line` from one share of its length to another, by `metric`, the same line in metres."""
    vertices = shapely.get_coordinates(line)
    if (begin, end) in ((0, 1), (1, 0)):
        return vertices if end else vertices[::-1]
    steps = np.hypot(*np.diff(shapely.get_coordinates(metric), axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(steps)])
    at = at / at[-1] if at[-1] > 0 else np.linspace(0, 1, len(at))
    low, high = sorted((begin, end))
    cut = np.column_stack([np.interp([low, high], at, vertices[:, axis]) for axis in (0, 1)])
    found: NDArray[np.float64] = np.vstack([cut[:1], vertices[(at > low) & (at < high)], cut[1:]])
    return found if begin <= end else found[::-1]
