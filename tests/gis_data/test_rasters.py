"""Rasters: each kind keeps its meaning on another grid, several files make one, memory stays small."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
import sqlalchemy as sa
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.transform import from_origin
from rasterio.windows import Window

from gis_data import crs, load
from gis_data.errors import Invalid
from gis_data.load import Prepared, Region, prepare
from gis_data.sources.raster import Detail
from gis_data.sources.raster_grid import regrid

XIHU = Region("xihu", "EPSG:4549", crs.default_box("EPSG:4549"))
POA = Region("poa", "EPSG:31982", (-51.4, -30.3, -51.0, -29.9))
SWELLENDAM = Region("swellendam", "EPSG:32734", (20.2, -34.3, 20.8, -33.7))
COVER = Detail(classes="worldcover")
HOUR = Detail(
    start=datetime.fromisoformat("2026-07-01T08:00+08:00"), end=datetime.fromisoformat("2026-07-01T09:00+08:00")
)
DETAILS = {"terrain": Detail(), "landcover": COVER, "population": Detail(), "rain": HOUR}
GRID_4490 = from_origin(120.0, 30.35, 1 / 1200, 1 / 1200)


def tif(path: Path, cells: NDArray[np.generic], **profile: object) -> Path:
    """A GeoTIFF over the district, 1 km cells in EPSG:4549 unless said."""
    base = {
        "driver": "GTiff",
        "height": cells.shape[-2],
        "width": cells.shape[-1],
        "count": 1 if cells.ndim == 2 else cells.shape[0],
        "dtype": cells.dtype,
        "crs": "EPSG:4549",
        "transform": from_origin(500_000, 3_360_000, 1000, 1000),
    }
    with rasterio.open(path, "w", **(base | profile)) as file:
        file.write(cells if cells.ndim == 3 else cells[None])
    return path


def asc(path: Path, cells: NDArray[np.generic], west: float, south: float, cell: float) -> Path:
    """An Esri ASCII grid, which says nothing of its CRS."""
    head = f"ncols {cells.shape[1]}\nnrows {cells.shape[0]}\nxllcorner {west}\nyllcorner {south}\ncellsize {cell}\n"
    rows = "\n".join(" ".join(f"{v:g}" for v in row) for row in cells)
    path.write_text(f"{head}NODATA_value -9999\n{rows}\n")
    return path


def take(kind: str, *paths: Path, datum: str = "", region: Region = XIHU, detail: Detail | None = None) -> Prepared:
    """Prepare rasters into a data directory beside the first."""
    said = detail or DETAILS[kind]
    data = paths[0].parent / "data"
    return prepare(kind, paths, region, datum=datum, progress=lambda _: None, data=data, detail=said)


def kept(found: Prepared, folder: Path) -> NDArray[np.float64]:
    """The cells of the kept file, NaN for nodata."""
    with rasterio.open(folder / "data" / found.frames["raster"]["file"].iloc[0]) as file:
        return file.read(1, masked=True).astype(float).filled(np.nan)


def people(shape: tuple[int, int] = (240, 180)) -> NDArray[np.float32]:
    """Uneven people, a third of the cells empty."""
    rng = np.random.default_rng(7)
    return (rng.gamma(0.4, 30, shape) * (rng.random(shape) > 0.35)).astype(np.float32)


def test_terrain_is_kept_under_its_hash_with_overviews(tmp_path: Path) -> None:
    heights = np.linspace(-3, 412, 600 * 600, dtype=np.float32).reshape(600, 600)
    heights[0, 0] = -9999
    path = tif(tmp_path / "dem.tif", heights, nodata=-9999, transform=from_origin(500_000, 3_360_000, 30, 30))
    found = take("terrain", path, datum="CGCS2000")
    (row,) = found.frames["raster"].to_dict("records")
    assert row["file"] == f"terrain/xihu/{found.sha256[:16]}.tif"
    assert (row["kind"], row["crs"], row["unit"], row["max"]) == ("terrain", "EPSG:4549", "m", 412)
    assert row["min"] == pytest.approx(-3, abs=0.01)
    assert row["nodata_share"] == pytest.approx(1 / 360_000)
    assert row["bounds"] == pytest.approx([120.0, 30.197, 120.187, 30.360], abs=2e-3)
    with rasterio.open(tmp_path / "data" / row["file"]) as file:
        assert file.profile["tiled"]
        assert file.compression.name == "deflate"
        assert file.overviews(1)
        assert (file.read(1) == heights).all()
    assert [p.suffix for p in (tmp_path / "data/terrain/xihu").iterdir()] == [".tif"]


ONES = np.ones((9, 9), np.float32)


@pytest.mark.parametrize(
    ("kind", "cells", "profile", "datum", "said"),
    [
        ("terrain", ONES * -9999, {"nodata": -9999}, "", "every cell is nodata"),
        ("terrain", ONES * np.nan, {}, "", "every cell is nodata"),
        ("terrain", ONES * -9999, {}, "", "not plausible"),
        ("population", ONES * -1, {}, "", "not plausible"),
        ("rain", ONES * 1e20, {}, "", "not plausible"),
        ("terrain", np.zeros((2, 9, 9), np.float32), {}, "", "2 bands"),
        ("terrain", np.zeros((9, 9), np.complex64), {}, "", "no numbers"),
        ("landcover", ONES * 10, {}, "", "whole class codes"),
        ("landcover", np.full((9, 9), 7, np.uint8), {}, "", "names none of its codes"),
        ("terrain", ONES, {"crs": None}, "", "no CRS"),
        ("terrain", ONES, {"crs": None}, "WGS-84", "are no degrees"),
        ("terrain", ONES, {"crs": "EPSG:31982"}, "", "does not cover"),
        ("terrain", ONES, {}, "EPSG:4528", "is not the file's CRS"),
        ("terrain", ONES, {}, "GCJ-02", "no grid"),
        ("rain", ONES, {}, "BD-09", "no grid"),
        ("terrain", ONES, {"crs": "EPSG:2385"}, "", "rests on Xian 1980"),
        ("terrain", ONES, {"transform": Affine(900, 50, 500_000, 50, -900, 3_360_000)}, "", "rotated"),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, kind: str, cells: NDArray[np.generic], profile: dict[str, object], datum: str, said: str
) -> None:
    path = tif(tmp_path / "格网.tif", cells, **profile)
    with pytest.raises(Invalid, match=said) as caught:
        take(kind, path, datum=datum)
    assert "格网.tif" in caught.value.zh
    assert not list(tmp_path.glob("data/**/*.tif"))


def test_another_format_or_unit_is_refused(tmp_path: Path) -> None:
    picture = tif(tmp_path / "a.tif", np.ones((9, 9), np.uint8), driver="PNG")
    with pytest.raises(Invalid, match="GeoTIFF or Esri ASCII grid"):
        take("terrain", picture)
    feet = tif(tmp_path / "feet.tif", ONES)
    with rasterio.open(feet, "r+") as file:
        file.units = ("ft",)
    with pytest.raises(Invalid, match="heights are in ft; m is needed"):
        take("terrain", feet)


@pytest.mark.parametrize("detail", [Detail(), Detail(start=HOUR.end, end=HOUR.start), Detail(start=HOUR.start)])
def test_rain_needs_its_interval(tmp_path: Path, detail: Detail) -> None:
    with pytest.raises(Invalid, match="interval"):
        take("rain", tif(tmp_path / "rain.tif", ONES), detail=detail)


def test_several_files_of_people_as_polygons_are_refused(tmp_path: Path) -> None:
    sheets = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for sheet in sheets:
        sheet.write_text("population,lon,lat\n")
    with pytest.raises(Invalid, match="Only rasters"):
        take("population", *sheets, datum="WGS-84")


def test_an_ascii_grid_takes_its_crs_from_the_prj_or_the_stated_datum(tmp_path: Path) -> None:
    cells = np.arange(20.0).reshape(4, 5)
    cells[1, 2] = -9999
    path = asc(tmp_path / "dem.asc", cells, 500_000, 3_350_000, 1000)
    with pytest.raises(Invalid, match=r"\.prj"):
        take("terrain", path)
    stated = take("terrain", path, datum="EPSG:4549")
    path.with_suffix(".prj").write_text(CRS("EPSG:4549").to_wkt("WKT1_ESRI"))
    own = take("terrain", path)
    for found in (stated, own):
        row = found.frames["raster"].iloc[0]
        assert (row["crs"], row["min"], row["max"]) == ("EPSG:4549", 0, 19)
        assert row["nodata_share"] == pytest.approx(0.05)
        assert kept(found, tmp_path) == pytest.approx(np.where(cells < 0, np.nan, cells), nan_ok=True)
    with pytest.raises(Invalid, match="is not the file's CRS"):
        take("terrain", path, datum="EPSG:4528")


def test_not_a_number_beside_a_declared_nodata_and_a_scale_are_honoured(tmp_path: Path) -> None:
    cells = np.full((8, 8), 20, np.float32)
    cells[0, 0], cells[1, 1], cells[2, 2] = -9999, np.nan, np.inf
    found = take("terrain", tif(tmp_path / "dem.tif", cells, nodata=-9999))
    assert found.frames["raster"]["nodata_share"].iloc[0] == 3 / 64
    assert np.isnan(kept(found, tmp_path)).sum() == 3
    tenths = tif(tmp_path / "rain.tif", np.arange(64, dtype=np.int16).reshape(8, 8), nodata=0)
    with rasterio.open(tenths, "r+") as file:
        file.scales = (0.1,)
    rain = take("rain", tenths)
    assert rain.frames["raster"][["min", "max"]].iloc[0].tolist() == pytest.approx([0.1, 6.3])
    assert np.nanmax(kept(rain, tmp_path)) == pytest.approx(6.3)


def test_tiles_of_one_grid_come_together_as_they_were_and_the_first_holds(tmp_path: Path) -> None:
    whole = np.random.default_rng(3).uniform(0, 400, (70, 50)).astype(np.float32)
    whole[5:9, 20:30] = -9999
    other = whole[:, 20:] + 1000
    cell = 1 / 1200
    left = tif(tmp_path / "w.tif", whole[:, :26], crs="EPSG:4326", transform=GRID_4490, nodata=-9999)
    right = tif(
        tmp_path / "e.tif", other, crs="EPSG:4326", transform=GRID_4490 @ Affine.translation(20, 0), nodata=-8999
    )
    found = take("terrain", left, right, datum="WGS-84")
    expected = np.where(whole < 0, np.nan, whole)
    expected[:, 26:] += 1000
    expected[5:9, 20:26] = np.nan  # a hole in both
    assert kept(found, tmp_path) == pytest.approx(expected, nan_ok=True)
    assert found.source == "w.tif +1"
    assert found.frames["raster"]["bounds"].iloc[0] == pytest.approx([120, 30.35 - 70 * cell, 120 + 50 * cell, 30.35])
    assert take("terrain", right, left, datum="WGS-84").sha256 != found.sha256


def test_terrain_of_another_crs_is_brought_onto_the_first_one_s_grid(tmp_path: Path) -> None:
    def plane(east: NDArray[np.float64], north: NDArray[np.float64]) -> NDArray[np.float32]:
        return (100 + 0.02 * (east - 500_000) - 0.01 * (north - 3_350_000)).astype(np.float32)

    east, north = np.meshgrid(500_050 + 100.0 * np.arange(80), 3_359_950 - 100.0 * np.arange(120))
    first = tif(tmp_path / "a.tif", plane(east, north), transform=from_origin(500_000, 3_360_000, 100, 100))
    lon, lat = np.meshgrid(120.05 + (np.arange(150) + 0.5) / 1200, 30.35 - (np.arange(120) + 0.5) / 1200)
    second = plane(*Transformer.from_crs(4490, 4549, always_xy=True).transform(lon, lat))
    degrees = from_origin(120.05, 30.35, 1 / 1200, 1 / 1200)
    found = kept(take("terrain", first, tif(tmp_path / "b.tif", second, crs="EPSG:4490", transform=degrees)), tmp_path)
    file = next((tmp_path / "data/terrain/xihu").iterdir())
    with rasterio.open(file) as dem:
        row, col = np.nonzero(~np.isnan(found))
        x, y = dem.transform @ (col + 0.5, row + 0.5)
        cell = dem.res[0]
    assert x.max() > 516_000  # the second's ground
    off = np.abs(found[row, col] - plane(x, y))
    assert cell < 100
    assert np.median(off) < 0.01
    assert off.max() < 1.2  # the last half cell of each file is level: a cell rises by 2.2 m


@pytest.mark.parametrize("times", [0.3, 0.7, 1, 1.6, 5])
def test_people_keep_their_number_and_their_place_on_a_metric_grid(tmp_path: Path, times: float) -> None:
    count = people((60, 50))
    path = tif(tmp_path / "pop.tif", count, crs="EPSG:4490", transform=GRID_4490, nodata=-1)
    cell = 90 * times
    grid, shape = from_origin(499_000, 3_361_000, cell, cell), (int(9000 / cell), int(9000 / cell))
    found = regrid(path, "population", "EPSG:4549", grid, shape)
    assert found.sum() == pytest.approx(count.sum(dtype=float), rel=1e-6)
    row, col = np.nonzero(count)
    east, north = Transformer.from_crs(4490, 4549, always_xy=True).transform(*(GRID_4490 @ (col + 0.5, row + 0.5)))
    weight = count[row, col].astype(float)
    at = grid @ tuple(np.meshgrid(np.arange(shape[1]) + 0.5, np.arange(shape[0]) + 0.5))
    assert (at[0] * found).sum() / found.sum() == pytest.approx((east * weight).sum() / weight.sum(), abs=cell / 40)
    assert (at[1] * found).sum() / found.sum() == pytest.approx((north * weight).sum() / weight.sum(), abs=cell / 40)


def test_an_even_population_stays_even(tmp_path: Path) -> None:
    path = tif(tmp_path / "pop.tif", np.full((90, 90), 5, np.float32), crs="EPSG:4490", transform=GRID_4490)
    found = regrid(path, "population", "EPSG:4549", from_origin(501_000, 3_358_000, 140, 140), (30, 30))
    area = Transformer.from_crs(4490, 4549, always_xy=True)
    (x0, x1), (y0, y1) = area.transform((120.03, 120.03 + 1 / 1200), (30.32, 30.32 + 1 / 1200))
    assert found == pytest.approx(np.full((30, 30), 5 * 140**2 / ((x1 - x0) * (y1 - y0))), rel=0.01)


def test_a_population_grid_becomes_square_cells_and_tells_who_lives_outside(tmp_path: Path) -> None:
    count = people()
    grid = from_origin(120.15, 30.5, 1 / 1200, 1 / 1200)  # it juts out of the box in the north and the east
    path = tif(tmp_path / "ppp.tif", count, crs="EPSG:4326", transform=grid, nodata=-99999)
    found = take("population", path, datum="WGS-84")
    cells = found.frames["population_cell"]
    row, col = np.indices(count.shape)
    lon, lat = grid @ (col + 0.5, row + 0.5)
    inside = count[(lon <= 120.25) & (lat <= 30.45)].sum(dtype=float)
    assert 0.3 < inside / count.sum() < 0.6
    assert cells["population"].sum() == pytest.approx(inside, rel=1e-6)
    assert (cells["population"] > 0).all()
    assert cells["code"].is_unique
    metric = gpd.GeoSeries(cells["geom"], crs=4490).to_crs("EPSG:4549")
    assert metric.area.to_numpy() == pytest.approx(np.full(len(cells), 10_000), rel=1e-4)
    assert metric.union_all().area == pytest.approx(len(cells) * 10_000, rel=1e-4)
    middle, lived = metric.centroid.to_crs(4490), np.where((lon <= 120.25) & (lat <= 30.45), count, 0)
    assert np.average(middle.x, weights=cells["population"]) == pytest.approx(np.average(lon, weights=lived), abs=5e-5)
    assert np.average(middle.y, weights=cells["population"]) == pytest.approx(np.average(lat, weights=lived), abs=5e-5)
    (reject,) = found.rejects
    assert f"{count.sum(dtype=float) - inside:.1f} people live outside" in reject.en
    assert found.frames["raster"]["kind"].tolist() == ["population"]


def test_people_in_overlapping_tiles_count_once_and_tiles_off_the_grid_are_refused(tmp_path: Path) -> None:
    count = people((80, 60))
    halves = [
        tif(tmp_path / f"{n}.tif", count[rows], crs="EPSG:4326", transform=GRID_4490 @ Affine.translation(0, top))
        for n, (rows, top) in enumerate([(slice(0, 50), 0), (slice(40, 80), 40)])
    ]
    cells = take("population", *halves, datum="WGS-84").frames["population_cell"]
    assert cells["population"].sum() == pytest.approx(count.sum(dtype=float), rel=1e-6)
    moved = GRID_4490 @ Affine.translation(0.4, 80)
    off = tif(tmp_path / "off.tif", count, crs="EPSG:4326", transform=moved)
    with pytest.raises(Invalid, match="does not lie on one grid") as caught:
        take("population", halves[0], off, datum="WGS-84")
    assert "off.tif" in caught.value.zh


def test_a_raster_of_the_whole_world_is_read_where_the_district_is(tmp_path: Path) -> None:
    world = np.full((720, 1440), 8, np.float32)  # a quarter of a degree
    path = tif(tmp_path / "world.tif", world, crs="EPSG:4326", transform=from_origin(-180, 90, 0.25, 0.25))
    inside = [120.125, 30.125], [30.375, 30.125]  # of four centres near, those in the box
    cells = take("population", path, datum="WGS-84").frames["population_cell"]
    assert cells["population"].sum() == pytest.approx(8 * len(inside))
    assert take("terrain", path).frames["raster"]["max"].iloc[0] == 8
    found = regrid(path, "terrain", "EPSG:4549", from_origin(500_000, 3_360_000, 1000, 1000), (5, 5))
    assert found == pytest.approx(np.full((5, 5), 8))


def test_classes_are_never_averaged(tmp_path: Path) -> None:
    codes = np.random.default_rng(5).choice(np.array([10, 80], np.uint8), (200, 200), p=[0.8, 0.2])
    codes[:20] = 0
    path = tif(tmp_path / "lc.tif", codes, transform=from_origin(505_000, 3_358_000, 10, 10), nodata=0)
    for cell in (3.0, 37.0):
        shape = (int(2000 / cell), int(2000 / cell))
        found = regrid(path, "landcover", "EPSG:4549", from_origin(505_000, 3_358_000, cell, cell), shape)
        assert set(np.unique(found[~np.isnan(found)])) <= {10, 80}
        assert np.isnan(found).mean() == pytest.approx(0.1, abs=0.03)
    assert (found[~np.isnan(found)] == 10).mean() > 0.97  # of 14 cells the most frequent


def patches() -> NDArray[np.uint8]:
    """Broad patches of wood, fields and buildings with a lake, salted with single odd cells; 12 × 6 km at 10 m."""
    y, x = np.mgrid[0:600, 0:1200]
    codes = np.where(np.sin(x / 60) + np.cos(y / 45) > 0, 10, 40).astype(np.uint8)
    codes[300:420, 500:700] = 50
    codes[(x - 200) ** 2 + (y - 300) ** 2 < 70**2] = 80
    codes[np.random.default_rng(2).random(codes.shape) < 0.01] = 30
    return codes


def test_land_cover_becomes_polygons_that_tile_as_the_classes_do(tmp_path: Path) -> None:
    codes = patches()
    codes[0, :3] = 7
    path = tif(tmp_path / "lc.tif", codes, transform=from_origin(505_000, 3_358_000, 10, 10), nodata=0)
    found = take("landcover", path)
    rows = gpd.GeoDataFrame(found.frames["landcover"], geometry="geom", crs=4490).to_crs("EPSG:4549")
    assert rows.is_valid.all()
    area = rows.area.groupby(rows["kind"]).sum() / 100
    for kind, code in (("wood", 10), ("farmland", 40), ("built_up", 50)):
        assert area[kind] == pytest.approx((codes == code).sum(), rel=0.03)
    assert "water" not in area
    assert area.get("grass", 0) == 0
    lake = shapely.Point(507_000, 3_355_000)
    assert not rows.contains(lake).any()
    assert rows.area.sum() == pytest.approx(rows.union_all().area, rel=1e-3)
    assert rows.union_all().area == pytest.approx(100 * (codes.size - (codes == 80).sum()), rel=0.01)
    seam = shapely.box(515_140, 3_352_500, 515_340, 3_357_500)  # where a block of 512 cells of 20 m ends
    assert rows.union_all().intersection(seam).area == pytest.approx(seam.area, rel=1e-4)
    assert len(rows) < 60
    assert [r.row for r in found.rejects] == ["code 7"]


def test_a_class_table_of_one_s_own(tmp_path: Path) -> None:
    path = tif(tmp_path / "lc.tif", patches(), transform=from_origin(505_000, 3_358_000, 10, 10))
    table = tmp_path / "classes.csv"
    table.write_text("\ufeffcode,kind\n10,tea\n40,bamboo\n50,industrial\n80,water\n30,tea\n", encoding="utf-8")
    found = take("landcover", path, detail=Detail(classes=table))
    assert set(found.frames["landcover"]["kind"]) == {"tea", "bamboo", "industrial"}
    assert '"40": "bamboo"' in found.frames["raster"]["classes"].iloc[0]
    for wrong, said in (("code,kind\n10,lava\n", "row 2"), ("code,kind\n10,tea\n10,tea\n", "row 3"), ("", "no class")):
        table.write_text(wrong, encoding="utf-8")
        with pytest.raises(Invalid, match=said):
            take("landcover", path, detail=Detail(classes=table))
    with pytest.raises(Invalid, match="A class table is needed"):
        take("landcover", path, detail=Detail())


def test_rain_is_linear_between_cells_and_a_mean_over_them(tmp_path: Path) -> None:
    depth = np.tile(np.arange(20, dtype=np.float32), (20, 1))
    path = tif(tmp_path / "rain.tif", depth)
    fine = regrid(path, "rain", "EPSG:4549", from_origin(505_000, 3_355_000, 250, 250), (8, 8))
    assert fine[3] == pytest.approx(4.5 + (np.arange(8) + 0.5) / 4)
    coarse = regrid(path, "rain", "EPSG:4549", from_origin(500_000, 3_360_000, 5000, 5000), (4, 4))
    assert coarse == pytest.approx(np.tile([2, 7, 12, 17], (4, 1)))


def test_kinds_stand_beside_each_other_and_a_newer_one_takes_the_older_one_s_place(
    empty_db: sa.Engine, tmp_path: Path
) -> None:
    rain = tif(tmp_path / "rain.tif", ONES * 12)
    later = Detail(start=HOUR.end, end=datetime.fromisoformat("2026-07-01T10:00+08:00"))
    loads = [
        take("terrain", tif(tmp_path / "dem.tif", ONES * 30), detail=Detail(vertical_datum="1985国家高程基准")),
        take("landcover", tif(tmp_path / "lc.tif", np.full((9, 9), 10, np.uint8))),
        take("population", tif(tmp_path / "pop.tif", ONES * 40)),
        take("rain", rain),
        take("rain", rain),
        take("rain", rain, detail=later),
        take("rain", tif(tmp_path / "better.tif", ONES * 13)),
    ]
    with empty_db.begin() as connection:
        done = [load.write(connection, one, actor="tester", data=tmp_path) for one in loads]
    assert [one.unchanged for one in done] == [False, False, False, False, True, False, False]
    with empty_db.connect() as connection:
        rows = connection.execute(sa.text("select * from gis.raster where valid_to is null order by id")).all()
        closed = connection.execute(sa.text("select count(*) from gis.raster where valid_to is not null")).scalar_one()
        cells = connection.execute(sa.text("select count(*), sum(population) from gis.population_cell")).one()
    assert [(r.kind, r.unit, r.min) for r in rows] == [
        ("terrain", "m", 30),
        ("landcover", "code", 10),
        ("population", "persons", 40),
        ("rain", "mm", 12),
        ("rain", "mm", 13),  # of the first hour, whose grid it replaces; the second hour's stays
    ]
    assert closed == 1
    assert rows[0].vertical_datum == "1985国家高程基准"
    assert rows[1].classes["10"] == "wood"
    assert (rows[3].start_at, rows[3].end_at) == (later.start, later.end)
    assert cells.count == 81
    assert cells.sum == pytest.approx(81 * 40)


@pytest.mark.parametrize(
    ("name", "region", "low", "high", "west"),
    [
        ("porto_alegre/poa_elevation.tif", POA, 0, 255, -51.2549),
        ("swellendam/swellendam_srtm3.tif", SWELLENDAM, 0, 1699, 20.2),
    ],
)
def test_real_terrain(shared_data: Path, tmp_path: Path, name: str, region: Region, low: int, high: int, west: float):
    folder = tmp_path / "data"
    found = prepare("terrain", shared_data / name, region, datum="WGS-84", progress=lambda _: None, data=folder)
    (row,) = found.frames["raster"].to_dict("records")
    assert (row["min"], row["max"]) == (low, high)
    assert row["bounds"][0] == pytest.approx(west, abs=0.15)


MEASURED = """
import re, sys
from pathlib import Path
from gis_data.sources.prepared import Region
from gis_data.sources.raster import Detail, prepare
peak = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
kind, path, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
region = Region("xihu", "EPSG:4549", (119.9, 30.0, 120.25, 30.45))
before = peak()
prepare(kind, [path], region, datum="", data=folder, progress=lambda _: None, detail=Detail(classes="worldcover"))
print(before, peak())
"""


def big(path: Path, kind: str, megabytes: int) -> Path:
    """A tiled GeoTIFF of so many megabytes over 80 × 80 km, written strip by strip."""
    dtype = {"terrain": "float64", "landcover": "uint8", "population": "float32"}[kind]
    side = int(np.sqrt(megabytes * 2**20 / np.dtype(dtype).itemsize)) // 512 * 512
    cell = 80_000 / side
    profile = {"driver": "GTiff", "height": side, "width": side, "count": 1, "dtype": dtype, "crs": "EPSG:4549"}
    tiled = {"tiled": True, "blockxsize": 512, "blockysize": 512, "BIGTIFF": "IF_SAFER"}
    with rasterio.open(path, "w", **profile, **tiled, transform=from_origin(480_000, 3_390_000, cell, cell)) as file:
        for top in range(0, side, 512):
            strip = np.empty((512, side), dtype)
            strip[:] = {"terrain": top / 100, "landcover": 10 + top // 512 % 3 * 10, "population": 0.004}[kind]
            file.write(strip, 1, window=Window(0, top, side, 512))
    return path


def measured(kind: str, path: Path) -> tuple[int, int]:
    """Peak memory (MB) before and after a raster was taken in by a process of its own."""
    command = [sys.executable, "-c", MEASURED, kind, str(path), str(path.parent / "data")]
    before, after = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return int(before), int(after)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    before, after = measured("terrain", big(tmp_path / "big.tif", "terrain", 128))
    assert after - before < 90, f"{before} MB before, {after} MB at most"


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["terrain", "landcover", "population"])
def test_two_gigabytes_pass_in_500_megabytes(tmp_path: Path, kind: str) -> None:
    path = big(tmp_path / "big.tif", kind, 2048)
    assert path.stat().st_size > 2_000_000_000
    before, after = measured(kind, path)
    print(f"{kind}: {path.stat().st_size / 1e9:.2f} GB, {before} MB before, {after} MB at most")
    assert after <= 500
