"""The demo at the size of a city (×10) or a province (×100) for load tests: districts side by side, joined by roads.

Each is the demo district from another seed, moved, with codes of its own. They are made, kept and loaded one after
the other: memory does not grow with their number.
"""

from __future__ import annotations

import hashlib
import math
import pickle
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from gis_data import crs
from gis_data.demo import SEED, Made, digest, make, plan, terrain, write_heights
from gis_data.demo.built import frame
from gis_data.demo.ground import CELL_M, Field
from gis_data.errors import Invalid
from gis_data.sources.prepared import Prepared, Progress, Region

_METRIC = "EPSG:4549"
_SHARED = ("code_list", "code_item", "parameter")
"""Registers that all districts have in common: they come with the first."""
_MAIN = ("trunk", "primary", "secondary")

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Tile:
    """One district of several: its place in their order, how far it is moved (m), and its rows by kind of load.

    Positions of road nodes count on through all tiles; `roads` holds the trunk road back to the tile before.
    """

    number: int
    shift: tuple[float, float]
    made: Made


def _size() -> tuple[float, float]:
    west, south, east, north = plan.EXTENT
    return tuple(round((b - a) * plan.UNIT_M / CELL_M) * CELL_M for a, b in ((west, east), (south, north)))  # type: ignore[return-value]


def shifts(scale: int) -> list[tuple[float, float]]:
    """How far each of so many districts lies from the first, in metres: in a spiral, each beside the one before."""
    wide, high = _size()
    found, at, way, run = [(0, 0)], (0, 0), (1, 0), 1
    while len(found) < scale:
        for _ in range(2):
            for _ in range(run):
                at = (at[0] + way[0], at[1] + way[1])
                found.append(at)
            way = (-way[1], way[0])
        run += 1
    return [(wide * column, high * row) for column, row in found[:scale]]


def box(scale: int) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees of the ground that so many districts cover, rounded outwards to 0.01."""
    wide, high = _size()
    x0, y0 = plan.CORNER[0] + plan.EXTENT[0] * plan.UNIT_M, plan.CORNER[1] + plan.EXTENT[3] * plan.UNIT_M - high
    corners = [(x0 + x + a * wide, y0 + y + b * high) for x, y in shifts(scale) for a in (0, 1) for b in (0, 1)]
    lon, lat = crs.to_degrees(_METRIC).transform(*np.array(corners).T)
    west, south = (math.floor(v.min() * 100) / 100 for v in (lon, lat))
    east, north = (math.ceil(v.max() * 100) / 100 for v in (lon, lat))
    return west, south, east, north


def check_room(scale: int, region: Region) -> None:
    """Raise Invalid, saying which box is needed, unless so many districts lie inside the district's box."""
    west, south, east, north = need = box(scale)
    own = region.box
    if region.metric_crs != _METRIC or not (own[0] <= west and own[1] <= south and own[2] >= east and own[3] >= north):
        text = ",".join(f"{v:.2f}" for v in need)
        how = f"BAOCHU_DISTRICT=demo_x{scale} BAOCHU_METRIC_CRS=EPSG:4549 BAOCHU_BOX={text} baochu demo --scale {scale}"
        raise Invalid(
            f"放大 {scale} 倍的演示区占 {text}，超出本区的范围 {list(own)}。请另建一个区：{how}",
            f"The demo at scale {scale} covers {text}, beyond the box {list(own)}. Make a district for it: {how}",
            field="box",
        )


def tiles(scale: int, progress: Progress) -> Iterator[Tile]:
    """The districts one after the other; only the main junctions of the one before are remembered."""
    before: tuple[Field, np.ndarray[Any, Any]] | None = None
    count = 0
    for number, shift in enumerate(shifts(scale)):
        progress(f"演示区 {number + 1}/{scale} / demo district {number + 1} of {scale}")
        made = _placed(make(SEED + number, progress), number, shift)
        road, nodes = made.roads["road"], made.roads["road_node"]
        main = road[road["class"].isin(_MAIN) & road["drive"]]
        ends = np.unique(main[["source", "target"]])
        at = np.stack(crs.to_metric(_METRIC).transform(*shapely.get_coordinates(nodes["geom"].iloc[ends]).T), axis=-1)
        road = road.assign(source=road["source"] + count, target=road["target"] + count)
        if before is not None:
            road = pd.concat([road, _trunk(road, before, (at, ends + count), number)], ignore_index=True)
        made.roads["road"] = road
        yield Tile(number, shift, made)
        before, count = (at, ends + count), count + len(nodes)


def _trunk(road: Any, before: Any, here: Any, number: int) -> Any:
    """The road, bridged throughout, between the nearest main junctions of two districts."""
    apart, near = KDTree(before[0]).query(here[0])
    best = int(apart.argmin())
    line = shapely.linestrings([before[0][near[best]], here[0][best]])
    row = (
        road.iloc[:1]
        .drop(columns="geom")
        .assign(
            way_id=int(road["way_id"].max()) + 1,
            source=int(before[1][near[best]]),
            target=int(here[1][best]),
            name=f"演示联络线{number}",
            oneway=False,
            bridge=True,
            tunnel=False,
            layer=1,
            max_speed_kmh=80.0,
            max_height_m=None,
            drive=True,
            walk=False,
            length_m=round(float(line.length), 2),
        )
    )
    row["class"] = "trunk"
    return frame(row.reset_index(drop=True), [line])


def _placed(made: Made, number: int, shift: tuple[float, float]) -> Made:
    """A district moved to its place; all but the first get codes of their own."""
    if shift != (0.0, 0.0):
        moved = [
            {name: _moved(rows, shift) for name, rows in part.items()}
            for part in (made.registers, made.roads, made.population)
        ]
        made = Made(made.height_m, made.transform, *moved)
    if number == 0:
        return made
    own = {name: rows for name, rows in made.registers.items() if name not in _SHARED}
    named = [rows["code"] for rows in (*own.values(), *made.population.values()) if "code" in rows]
    codes = {code: f"{code}-{number:03d}" for column in named for code in column if isinstance(code, str)}
    return Made(
        made.height_m,
        made.transform,
        {name: _recoded(rows, codes, number) for name, rows in own.items()},
        made.roads,
        {name: _recoded(rows, codes, number) for name, rows in made.population.items()},
    )


def _moved(rows: Any, shift: tuple[float, float]) -> Any:
    if "geom" not in rows:
        return rows
    forward = crs.to_metric(_METRIC)
    geoms = np.asarray(rows["geom"].array, dtype=object)
    some = np.flatnonzero(shapely.get_type_id(geoms) >= 0)
    metric = shapely.transform(geoms[some], lambda xy: np.stack(forward.transform(*xy.T), axis=-1) + shift)
    geoms[some] = np.asarray(frame({}, metric)["geom"].array, dtype=object)
    return rows.assign(geom=geoms)


def _recoded(rows: Any, codes: Mapping[str, str], number: int) -> Any:
    """Rows whose codes, and what refers to them, are the district's own; units get the county code 339xxx."""

    def own(value: Any) -> Any:
        if isinstance(value, list):
            return [own(one) for one in value]
        if not isinstance(value, str):
            return value
        if value.startswith("330106") and value.isdigit():
            return f"339{number:03d}{value[6:]}"
        return codes.get(value, value)

    texts = [c for c in rows.columns if c != "geom" and not pd.api.types.is_numeric_dtype(rows[c])]
    return rows.assign(
        **{c: pd.Series([own(v) for v in rows[c]], index=rows.index, dtype=rows[c].dtype) for c in texts}
    )


@dataclass(frozen=True)
class _Kept:
    """Parts of a source kept on disk, read back one at a time, as often as asked."""

    files: tuple[Path, ...]

    def __iter__(self) -> Iterator[Frames]:
        for file in self.files:
            yield pickle.loads(file.read_bytes())  # written below, by this very process


@contextmanager
def districts(scale: int, progress: Progress, *, data: Path, region: Region) -> Iterator[list[Prepared]]:
    """So many districts as prepared sources whose parts wait on disk under `data` until the context closes.

    Raises Invalid where they do not fit the district's box.
    """
    check_room(scale, region)
    with kept(tiles(scale, progress), f"DEMO-x{scale}", progress, data=data, region=region) as sources:
        yield sources


@contextmanager
def kept(
    made: Iterable[Tile], name: str, progress: Progress, *, data: Path, region: Region
) -> Iterator[list[Prepared]]:
    """Districts one after the other to disk, then as the prepared sources of one load of each kind."""
    with tempfile.TemporaryDirectory(dir=data) as temporary:
        folder = Path(temporary)
        sums = {kind: hashlib.sha256() for kind in ("registers", "roads", "population")}
        for tile in made:
            write_heights(tile.made, folder / f"{name}-{tile.number:03d}.tif", tile.shift)
            for kind, total in sums.items():
                frames = getattr(tile.made, kind)
                total.update(digest(frames).encode())
                (folder / f"{kind}-{tile.number:03d}.pickle").write_bytes(pickle.dumps(frames))
        sources = []
        for kind, total in sums.items():
            files = sorted(folder.glob(f"{kind}-*.pickle"))
            (first,), more = _Kept((files[0],)), _Kept(tuple(files[1:]))
            sha256 = total.hexdigest()
            sources.append(Prepared(kind, f"{name}-{kind}", sha256, "CGCS2000", first, is_demo=True, more=more))
        sources.insert(2, terrain(sorted(folder.glob("*.tif")), data, region, progress))
        yield sources
