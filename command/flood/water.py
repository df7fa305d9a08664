"""The water of a run as cells that rise and fall in its time: what stands on the ground of the 2.5-D scene."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from layers.flood.scene import Floats, Scene

MOST_CELLS = 20_000
"""More wet cells than that go together by twos, fours, … each block as deep as its deepest cell."""


def centimetres(h: Floats) -> NDArray[np.uint16]:
    """Depths in m as whole cm."""
    return np.minimum(np.rint(np.nan_to_num(h) * 100), 65_535).astype(np.uint16)


def rising(scene: Scene, frames: list[NDArray[np.uint16]], least_cm: int) -> dict[str, Any]:
    """GeoJSON (EPSG:4490): the squares that are ever at least so deep; by the number of each step their depth, cm."""
    depth, size = np.stack(frames), 1
    while int((depth.max(axis=0) >= least_cm).sum()) > MOST_CELLS:
        _, ny, nx = depth.shape
        padded = np.pad(depth, ((0, 0), (0, ny % 2), (0, nx % 2)))
        depth, size = padded.reshape(len(depth), (ny + 1) // 2, 2, (nx + 1) // 2, 2).max(axis=(2, 4)), size * 2
    rows, columns = np.nonzero(depth.max(axis=0) >= least_cm)
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])
    at = (np.stack([columns, rows], axis=1)[:, None] + corners) * size
    to_degrees = Transformer.from_crs(scene.crs, "EPSG:4490", always_xy=True)
    lon, lat = to_degrees.transform(*(scene.transform @ (at[..., 0].astype(float), at[..., 1].astype(float))))
    rings = np.round(np.stack([lon, lat], axis=-1), 6).tolist()
    steps = depth[:, rows, columns].T.tolist()
    features = [
        {
            "type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
            "properties": {str(k): cm for k, cm in enumerate(depths) if cm >= least_cm},
        }
        for ring, depths in zip(rings, steps, strict=True)
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}
