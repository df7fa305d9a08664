"""The synthetic district DEMO-XH: seeded, the same every time, marked DEMO, loaded like any other source."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
import shapely
from affine import Affine

from gis_data import crs
from gis_data.demo import built, ground, network, registers
from gis_data.demo.land import Land
from gis_data.settings import settings
from gis_data.sources import raster
from gis_data.sources.prepared import Prepared, Progress, Region

SEED = 330106
REGION = Region("demo_xh", "EPSG:4549", crs.default_box("EPSG:4549"))


def digest(frames: Mapping[str, pd.DataFrame]) -> str:
    """A SHA-256 over all rows and geometries, equal for equal frames."""
    total = hashlib.sha256()
    for name, frame in sorted(frames.items()):
        total.update(name.encode())
        plain = pd.DataFrame(frame).drop(columns="geom", errors="ignore")
        total.update(plain.to_csv(index=False, lineterminator="\n").encode())
        if "geom" in frame:
            found = shapely.to_wkb(np.asarray(frame["geom"].array, dtype=object), byte_order=1)
            total.update(b"".join(wkb or b"-" for wkb in found))
    return total.hexdigest()


def prepared(kind: str, source: str, frames: Mapping[str, pd.DataFrame]) -> Prepared:
    """Synthetic frames as a prepared source, marked DEMO."""
    return Prepared(kind, source, digest(frames), "CGCS2000", frames, is_demo=True)


@dataclass(frozen=True)
class Made:
    """A district made: its heights (EPSG:4549, 25 m), and the rows of registers, roads and population."""

    height_m: ground.Field
    transform: Affine
    registers: dict[str, pd.DataFrame]
    roads: dict[str, pd.DataFrame]
    population: dict[str, pd.DataFrame]


def make(seed: int, progress: Progress) -> Made:
    """A whole synthetic district, decided by the seed alone."""
    rng = np.random.default_rng(seed)
    progress("演示数据: 生成地形与水系 / demo: terrain and water")
    earth = ground.make(rng)
    progress("演示数据: 生成道路 / demo: roads")
    laid = network.make(earth, rng)
    progress("演示数据: 生成建筑与人口 / demo: buildings and people")
    dips = [s.line.interpolate(0.5, normalized=True) for s in laid.streets if s.layer < 0 and s.max_height_m]
    earth = ground.dipped(earth, shapely.get_coordinates(dips))
    lots, hamlets, standing = built.settle(laid, earth, rng)
    cells, (night, day) = built.population(standing, earth, rng)
    people = tuple(int(n) for n in night), tuple(int(n) for n in day)
    land = Land(earth, tuple(laid.streets), tuple(lots), tuple(hamlets), standing, *people)
    roads = {
        **network.frames(laid.streets),
        "building": built.buildings(standing),
        "water": built.water(earth, built.ponds(laid.crops)),
        "landcover": built.landcover(land, rng),
        "place": built.places(earth, hamlets),
    }
    progress("演示数据: 生成台账 / demo: registers")
    return Made(earth.height_m, earth.transform, registers.make(land, rng), roads, {"population_cell": cells})


def write_heights(made: Made, path: Path, shift: tuple[float, float] = (0.0, 0.0)) -> None:
    """The heights as a GeoTIFF (EPSG:4549), moved east and north by so many metres."""
    heights = made.height_m.astype(np.float32)
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "height": heights.shape[0],
        "width": heights.shape[1],
        "crs": REGION.metric_crs,
        "transform": Affine.translation(*shift) @ made.transform,
        "nodata": -9999.0,
    }
    with rasterio.open(path, "w", **profile) as file:
        file.write(heights, 1)


def terrain(paths: Sequence[Path], data: Path, region: Region, progress: Progress) -> Prepared:
    """Written heights as a prepared source, taken in as files from outside would be."""
    said = raster.Detail(vertical_datum="演示高程 (DEMO)")
    found = raster.prepare("terrain", paths, region, datum="CGCS2000", data=data, progress=progress, detail=said)
    return replace(found, is_demo=True)


def district(progress: Progress, *, data: Path | None = None, region: Region = REGION) -> list[Prepared]:
    """The whole synthetic district: roads, terrain (a file under `data`), population and registers."""
    made = make(SEED, progress)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "DEMO-XH-terrain.tif"
        write_heights(made, path)
        heights = terrain([path], data or settings().data, region, progress)
    return [
        prepared("registers", "DEMO-XH-registers", made.registers),
        prepared("roads", "DEMO-XH-roads", made.roads),
        heights,
        prepared("population", "DEMO-XH-population", made.population),
    ]
