"""The synthetic district DEMO-XH: seeded, the same every time, marked DEMO, loaded like any other source."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import rasterio
import shapely

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


def _terrain(land: ground.Ground, data: Path, region: Region, progress: Progress) -> Prepared:
    """The heights as a GeoTIFF (EPSG:4549, 25 m), taken in as a file from outside would be."""
    heights = land.height_m.astype(np.float32)
    profile = {
        "driver": "GTiff",
        "dtype": "float32",
        "count": 1,
        "height": heights.shape[0],
        "width": heights.shape[1],
        "crs": region.metric_crs,
        "transform": land.transform,
        "nodata": -9999.0,
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "DEMO-XH-terrain.tif"
        with rasterio.open(path, "w", **profile) as file:
            file.write(heights, 1)
        said = raster.Detail(vertical_datum="演示高程 (DEMO)")
        found = raster.prepare("terrain", [path], region, datum="CGCS2000", data=data, progress=progress, detail=said)
    return replace(found, is_demo=True)


def district(progress: Progress, *, data: Path | None = None, region: Region = REGION) -> list[Prepared]:
    """The whole synthetic district: roads, terrain (a file under `data`), population and registers."""
    rng = np.random.default_rng(SEED)
    progress("演示数据: 生成地形与水系 / demo: terrain and water")
    earth = ground.make(rng)
    progress("演示数据: 生成道路 / demo: roads")
    laid = network.make(earth, rng)
    progress("演示数据: 生成建筑与人口 / demo: buildings and people")
    dips = [s.line.interpolate(0.5, normalized=True) for s in laid.streets if s.layer < 0 and s.max_height_m]
    earth = ground.dipped(earth, shapely.get_coordinates(dips))
    lots, hamlets, standing = built.settle(laid, earth, rng)
    cells, (night, day) = built.population(standing, earth, rng)
    land = Land(
        earth,
        tuple(laid.streets),
        tuple(lots),
        tuple(hamlets),
        standing,
        tuple(int(n) for n in night),
        tuple(int(n) for n in day),
    )
    roads = {
        **network.frames(laid.streets),
        "building": built.buildings(standing),
        "water": built.water(earth, built.ponds(laid.crops)),
        "landcover": built.landcover(land, rng),
        "place": built.places(earth, hamlets),
    }
    return [
        prepared("registers", "DEMO-XH-registers", registers.make(land, rng)),
        prepared("roads", "DEMO-XH-roads", roads),
        _terrain(earth, data or settings().data, region, progress),
        prepared("population", "DEMO-XH-population", {"population_cell": cells}),
    ]
