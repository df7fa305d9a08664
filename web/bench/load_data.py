"""Files to load: a million DEMO water points, and the streets of a made-up city; the same on each run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely
from numpy.typing import NDArray
from osmium.osm.mutable import Node, Way

POINTS = 1_000_000
BOX = (119.95, 30.10, 120.25, 30.40)
"""Degrees; inside the box of the demo district."""
STREETS, BENDS, BLOCKS_A_WAY = 300, 6, 5
"""Streets each way; nodes between two crossings; blocks that one way spans."""
_STEP = 0.001


def write_points(path: Path) -> None:
    """A GeoPackage of points in CGCS2000 with the columns of the register of water points."""
    dice = np.random.default_rng(7)
    n = np.arange(POINTS)
    frame = pd.DataFrame(
        {
            "code": np.char.add("DEMO-W", n.astype(str)),
            "name": np.char.add("演示取水点", n.astype(str)),
            "kind": np.array(["pond", "tank", "stream", "hydrant"])[dice.integers(4, size=POINTS)],
            "capacity_m3": dice.uniform(5, 900, POINTS).round(1),
            "vehicle_access": dice.random(POINTS) < 0.4,
            "note": "DEMO",
        }
    )
    spots = shapely.to_wkb(shapely.points(dice.uniform(BOX[:2], BOX[2:], (POINTS, 2)).round(7)))
    table = pa.Table.from_pandas(frame, preserve_index=False).append_column("geom", pa.array(spots))
    pyogrio.write_arrow(
        table, path, layer="points", driver="GPKG", geometry_name="geom", geometry_type="Point", crs="EPSG:4490"
    )


@dataclass(frozen=True)
class City:
    """What an extract holds: way-nodes of its streets, and what a network of it must have."""

    way_nodes: int
    crossings: int
    segments: int


def write_city(path: Path) -> City:
    """An OSM extract (PBF): streets that cross at common nodes and bend a little between them."""
    dice = np.random.default_rng(11)
    stride = BENDS + 1
    along = (STREETS - 1) * stride + 1
    origin = np.array(BOX[:2])

    at = [origin + _STEP * np.stack(np.meshgrid(np.arange(STREETS), np.arange(STREETS)), axis=-1).reshape(-1, 2)]
    streets: list[NDArray[np.int64]] = []
    k = np.arange(along)
    for down in (False, True):
        for i in range(STREETS):
            spots = np.stack([k / stride, i + dice.normal(0, 0.04, along)], axis=-1)
            bends = k % stride > 0
            crossings = k // stride * STREETS + i if down else i * STREETS + k // stride
            fresh = sum(map(len, at)) + np.cumsum(bends) - 1
            streets.append(np.where(bends, fresh, crossings))
            at.append(origin + _STEP * (spots[:, ::-1] if down else spots)[bends])
    position = np.concatenate(at)
    ids = dice.permutation(len(position)) + 1  # as mixed along a street as in a map that many hands drew
    ident, way_nodes = 1, 0
    writer = osmium.SimpleWriter(str(path), overwrite=True)
    try:
        for node in np.argsort(ids).tolist():
            writer.add_node(Node(id=int(ids[node]), location=tuple(position[node].tolist())))
        for number, street in enumerate(streets):
            for first in range(0, along - 1, BLOCKS_A_WAY * stride):
                nodes = ids[street[first : first + BLOCKS_A_WAY * stride + 1]].tolist()
                kind = ("primary", "secondary", "residential", "residential")[number % 4]
                tags = {"highway": kind, "name": f"演示{number}路", "maxspeed": "40"}
                writer.add_way(Way(id=ident, nodes=nodes, tags=tags))
                ident, way_nodes = ident + 1, way_nodes + len(nodes)
    finally:
        writer.close()
    return City(way_nodes, STREETS * STREETS, 2 * STREETS * (STREETS - 1))
