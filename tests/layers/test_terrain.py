"""Terrain: golden plane, tiles on made-up and real ground, heights at points."""

from __future__ import annotations

import os
from pathlib import Path

import mercantile
import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from pyproj import Transformer
from rasterio.io import MemoryFile
from rasterio.transform import from_origin

from gis_data.errors import Invalid
from layers.terrain import contour_step, contour_tile, elevation_at, hillshade_tile, slope_aspect, terrain_rgb_tile

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

SHARED = Path(os.environ.get("BAOCHU_SHARED_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
REAL = {
    "porto_alegre/poa_elevation.tif": (-51.20, -30.05),
    "swellendam/swellendam_srtm3.tif": (20.44, -33.98),
}


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"no real data at {path}")
    return path


def written(path: Path, z: NDArray[np.float64], west: float, north: float, cell: float, crs: str | None) -> Path:
    profile = {"driver": "GTiff", "height": z.shape[0], "width": z.shape[1], "count": 1, "dtype": "float32"}
    with rasterio.open(
        path, "w", **profile, crs=crs, transform=from_origin(west, north, cell, cell), nodata=-9999
    ) as dem:
        dem.write(np.where(np.isnan(z), -9999, z).astype("float32"), 1)
    return path


def plane(path: Path, up_east: float, up_north: float, base: float = 500) -> Path:
    """20 × 20 km of plane ground in EPSG:4549 round (120.13, 30.26), 100 m cells."""
    centre = (np.arange(200) - 99.5) * 100
    z = base + up_east * centre[None, :] - up_north * centre[:, None]
    return written(path, z, 502_500, 3_359_000, 100, "EPSG:4549")


def decoded(png: bytes) -> NDArray[np.float64]:
    with MemoryFile(png) as memory, memory.open() as image:
        assert (image.driver, image.width, image.height) == ("PNG", 256, 256)
        return image.read().astype(float)


def metres(png: bytes) -> NDArray[np.float64]:
    red, green, blue = decoded(png)
    return red * 256 + green + blue / 256 - 32_768


def pixel_lonlat(z: int, x: int, y: int) -> NDArray[np.float64]:
    """Centres of a tile's pixels, (256, 256, 2)."""
    box = mercantile.xy_bounds(x, y, z)
    steps = (np.arange(256) + 0.5) / 256
    east = box.left + steps * (box.right - box.left)
    north = box.top - steps * (box.top - box.bottom)
    lon, lat = Transformer.from_crs(3857, 4490, always_xy=True).transform(*np.meshgrid(east, north))
    return np.stack([lon, lat], axis=-1)


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    tile = mercantile.tile(lon, lat, z)
    return tile.z, tile.x, tile.y


def test_golden_plane() -> None:
    z = np.tile(0.1 * 10 * np.arange(8), (6, 1))
    slope, aspect = slope_aspect(z, 10)
    assert slope == pytest.approx(np.full((6, 8), 5.71), abs=0.001)
    assert aspect == pytest.approx(np.full((6, 8), 270.0))


@pytest.mark.parametrize(
    ("up_east", "up_north", "faces"),
    [(0, 1, 180), (0, -1, 0), (-1, 0, 90), (1, 1, 225), (-1, 1, 135), (1, -1, 315)],
)
def test_aspect_faces_downhill(up_east: float, up_north: float, faces: float) -> None:
    y, x = np.mgrid[0:5, 0:5]
    slope, aspect = slope_aspect(up_east * x - up_north * y, 1)
    assert aspect == pytest.approx(np.full((5, 5), float(faces)))
    assert slope == pytest.approx(np.full((5, 5), np.degrees(np.arctan(np.hypot(up_east, up_north)))))


def test_flat_ground_faces_nowhere_and_no_data_stays_so() -> None:
    z = np.zeros((5, 5))
    z[0, 0] = np.nan
    slope, aspect = slope_aspect(z, 30)
    assert np.isnan(slope[:2, :2]).all()
    assert (slope[2:, 2:] == 0).all()
    assert np.isnan(aspect).all()


def test_terrain_tile_holds_the_heights_of_its_pixels(tmp_path: Path) -> None:
    dem = plane(tmp_path / "dem.tif", 0.02, -0.01)
    tile = tile_at(120.13, 30.26, 14)
    found = metres(terrain_rgb_tile(dem, *tile) or b"")
    east, north = Transformer.from_crs(4490, 4549, always_xy=True).transform(*pixel_lonlat(*tile).T)
    expected = 500 + 0.02 * (east.T - 512_500) - 0.01 * (north.T - 3_349_000)
    assert np.abs(found - expected).max() < 0.1


def test_heights_below_the_sea_are_kept(tmp_path: Path) -> None:
    dem = plane(tmp_path / "dem.tif", 0, 0, base=-12.5)
    assert metres(terrain_rgb_tile(dem, *tile_at(120.13, 30.26, 13)) or b"") == pytest.approx(
        np.full((256, 256), -12.5)
    )


def test_shade_is_clear_on_flat_ground_and_even_on_a_plane(tmp_path: Path) -> None:
    tile = tile_at(120.13, 30.26, 14)
    assert decoded(hillshade_tile(plane(tmp_path / "flat.tif", 0, 0), *tile) or b"")[3].max() == 0
    lit = decoded(hillshade_tile(plane(tmp_path / "lit.tif", 0.1, -0.1), *tile) or b"")  # faces north-west
    dark = decoded(hillshade_tile(plane(tmp_path / "dark.tif", -0.1, 0.1), *tile) or b"")  # faces south-east
    assert lit[0].min() > 100
    assert dark[0].max() < 100
    for image in (lit, dark):
        assert image[3].min() > 10
        assert np.ptp(image[3]) <= 2  # the border pixels too: the tile's neighbours were looked at


def test_shade_of_the_same_slope_is_the_same_at_every_latitude(tmp_path: Path) -> None:
    strength = {}
    for lat, crs in ((2.0, "EPSG:32650"), (60.0, "EPSG:32650")):
        east, north = Transformer.from_crs(4326, crs, always_xy=True).transform(117.0, lat)
        z = np.tile(500 - 0.1 * 100 * np.arange(200), (200, 1))
        dem = written(tmp_path / f"{lat}.tif", z, east - 10_000, north + 10_000, 100, crs)
        strength[lat] = decoded(hillshade_tile(dem, *tile_at(117.0, lat, 13)) or b"")[3].mean()
    assert strength[60.0] == pytest.approx(strength[2.0], abs=1)


def test_contours_lie_where_the_ground_passes_their_heights_and_every_fifth_is_stronger(tmp_path: Path) -> None:
    dem, tile = plane(tmp_path / "dem.tif", 0.1, 0), tile_at(120.13, 30.26, 13)
    heights, alpha = metres(terrain_rgb_tile(dem, *tile) or b""), decoded(contour_tile(dem, *tile) or b"")[3]
    step = contour_step(13)
    drawn = alpha[128] > 20
    lines = np.flatnonzero(np.diff(drawn.astype(int)) == 1) + 1
    passed = np.floor(heights[128] / step)
    assert len(lines) >= 5
    assert len(lines) == pytest.approx(np.ptp(passed), abs=1)
    rise = np.abs(np.diff(heights[128])).mean()
    assert (np.abs(heights[128][lines] / step - np.rint(heights[128][lines] / step)) * step < 2 * rise).all()
    strong = {int(np.rint(heights[128][k] / step)) % 5 == 0 for k in lines if alpha[128][k : k + 2].max() > 150}
    assert strong == {True}
    flat = written(tmp_path / "flat.tif", np.full((200, 200), 100.0), 502_500, 3_359_000, 100, "EPSG:4549")
    assert decoded(contour_tile(flat, *tile) or b"")[3].max() == 0  # at 100 m, and no blot


def test_no_tile_where_the_dem_has_nothing(tmp_path: Path) -> None:
    dem = plane(tmp_path / "dem.tif", 0.1, 0)
    far, empty = tile_at(121.0, 30.26, 12), tile_at(120.13, 30.26, 15)
    hollow = written(tmp_path / "hollow.tif", np.full((200, 200), np.nan), 502_500, 3_359_000, 100, "EPSG:4549")
    for tile in (hillshade_tile, terrain_rgb_tile, contour_tile):
        assert tile(dem, *far) is None
        assert tile(hollow, *empty) is None
        with pytest.raises(Invalid):
            tile(dem, 3, 8, 0)


def test_a_dem_without_a_crs_is_refused(tmp_path: Path) -> None:
    dem = written(tmp_path / "dem.tif", np.zeros((4, 4)), 0, 0, 1, None)
    with pytest.raises(Invalid):
        hillshade_tile(dem, 0, 0, 0)
    with pytest.raises(Invalid):
        elevation_at(dem, [(120.1, 30.2)])


def test_heights_at_points_are_linear_and_nan_off_the_data(tmp_path: Path) -> None:
    z = np.tile(10.0 * np.arange(4), (4, 1))
    z[3, 3] = np.nan
    dem = written(tmp_path / "dem.tif", z, 120.0, 30.4, 0.1, "EPSG:4326")
    points = [
        (120.05, 30.35),
        (120.10, 30.33),
        (120.2, 30.2),
        (120.001, 30.2),
        (120.35, 30.05),
        (119.9, 30.2),
    ]
    found = elevation_at(dem, points)
    assert found[:4] == pytest.approx([0, 5, 15, 0])
    assert np.isnan(found[4:]).all()
    assert elevation_at(dem, np.empty((0, 2))).shape == (0,)
    assert np.isnan(elevation_at(dem, [(100.0, 10.0)])).all()
    assert elevation_at(dem, [points[1]]) == pytest.approx([5])


@pytest.mark.parametrize("name", REAL)
def test_real_ground(name: str) -> None:
    dem, (lon, lat) = shared(name), REAL[name]
    tile = tile_at(lon, lat, 14)
    heights = metres(terrain_rgb_tile(dem, *tile) or b"")
    points = elevation_at(dem, pixel_lonlat(*tile).reshape(-1, 2)).reshape(256, 256)
    assert np.ptp(points) > 30
    assert np.corrcoef(heights.ravel(), points.ravel())[0, 1] > 0.999
    assert abs((heights - points).mean()) < 1
    alpha = decoded(hillshade_tile(dem, *tile) or b"")[3]
    assert 0 < alpha.mean() < 128
    low = tile_at(lon, lat, 8)
    assert (decoded(hillshade_tile(dem, *low) or b"")[3] == 0).mean() > 0.3  # the DEM fills part of the tile
