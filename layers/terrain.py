"""Terrain from a DEM: shaded relief and height tiles, slope and aspect, heights at points."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import rasterio
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.transform import from_bounds
from rasterio.windows import Window
from scipy.ndimage import map_coordinates

from gis_data.errors import Invalid
from gis_data.sources.raster_grid import regrid
from layers.tiles import bounds

Floats = NDArray[np.float64]
warnings.filterwarnings("ignore", category=NotGeoreferencedWarning)  # a tile lies where its address says

SIZE = 256
EARTH_RADIUS_M = 6_378_137.0  # of the Web Mercator sphere
AZIMUTHS, ALTITUDE = np.radians([225, 270, 315, 360]), np.radians(30)
EXAGGERATION = 2.0  # heights are doubled for shading: low hills must show on a dark wall
SHADOW, LIGHT, STRENGTH = (2, 6, 12), (157, 176, 197), 0.8  # for land of #0E1825
CONTOUR, FADE = (122, 150, 138), 64
SEA_LEVEL = 32_768  # of the terrarium encoding


def slope_aspect(z: ArrayLike, cell_m: float | Floats) -> tuple[Floats, Floats]:
    """Slope and aspect by Horn's eight neighbours; edges are extrapolated in line.

    Parameters
    ----------
    z : (rows, columns) heights in metres, at least 2 × 2, the first row northernmost, NaN for no data.
    cell_m : cell size in metres, square cells; or (rows, 1), where it changes with latitude.

    Returns
    -------
    slope : degrees, 0 flat, NaN beside no data.
    aspect : degrees clockwise from north, the way the slope faces (downhill); NaN where flat.

    Source: Horn, "Hill shading and the reflectance map", Proc. IEEE 69(1), 1981.
    """
    p = np.pad(np.asarray(z, float), 1, mode="reflect", reflect_type="odd")
    north, middle, south = p[:-2], p[1:-1], p[2:]
    rows = north + 2 * middle + south
    columns = [line[:, :-2] + 2 * line[:, 1:-1] + line[:, 2:] for line in (north, south)]
    east = (rows[:, 2:] - rows[:, :-2]) / (8 * cell_m)
    up = (columns[0] - columns[1]) / (8 * cell_m)
    steep = np.hypot(east, up)
    aspect = np.degrees(np.arctan2(-east, -up)) % 360
    return np.degrees(np.arctan(steep)), np.where(steep > 0, aspect, np.nan)


def hillshade_tile(dem: str | Path, z: int, x: int, y: int) -> bytes | None:
    """A 256 × 256 PNG of relief for a dark map: darkens and lightens what lies under it, clear where flat.

    Light comes from four sides, weighted by how far each runs along the slope, so that no valley hides.

    Parameters
    ----------
    dem : a GeoTIFF of heights in metres, any CRS, its no-data value honoured.
    z, x, y : a web-mercator tile.

    Returns
    -------
    PNG bytes (RGBA), or None where the DEM has nothing.

    Raises
    ------
    Invalid : no such tile, or a DEM without a CRS.

    Source: Mark, "Multidirectional, oblique-weighted, shaded-relief image of the Island of Hawaii", USGS
    OFR 92-422, 1992.
    """
    heights = _heights(dem, z, x, y, margin=1)
    if heights is None:
        return None
    _, south, _, north = bounds(z, x, y)
    pixel_m = (north - south) / SIZE
    centres = north - (np.arange(-1, SIZE + 1) + 0.5) * pixel_m
    cell_m = pixel_m / np.cosh(centres / EARTH_RADIUS_M)  # on the ground: cos(latitude) = 1 / cosh(y / R)
    slope, aspect = (np.radians(a) for a in slope_aspect(heights * EXAGGERATION, cell_m[:, None]))
    turn = AZIMUTHS[:, None, None] - np.nan_to_num(aspect)
    light = np.sin(ALTITUDE) * np.cos(slope) + np.cos(ALTITUDE) * np.sin(slope) * np.cos(turn)
    shade = (np.sin(turn) ** 2 * np.maximum(light, 0)).sum(axis=0) / 2  # the four weights always add up to 2
    shade = (shade / np.sin(ALTITUDE) - 1)[1:-1, 1:-1]  # below 0 darker than flat ground, above 0 lighter
    alpha = np.nan_to_num(np.clip(np.abs(shade), 0, 1) * STRENGTH * 255)
    colour = np.where(shade < 0, np.reshape(SHADOW, (3, 1, 1)), np.reshape(LIGHT, (3, 1, 1)))
    return png(np.concatenate([colour, alpha[None]]))


def contour_step(z: int) -> float:
    """Metres between two contours (等高线) at a zoom; every fifth is drawn stronger."""
    return 50.0 if z < 13 else 20.0 if z < 14 else 10.0


def contour_tile(dem: str | Path, z: int, x: int, y: int) -> bytes | None:
    """A 256 × 256 PNG of contours, `contour_step` apart, smooth lines a pixel wide, every fifth stronger; else clear.

    Parameters, result and errors are those of `hillshade_tile`. On ground flatter than a sixteenth of a step a
    pixel-wide line would be a blot: there lines fade.
    """
    heights = _heights(dem, z, x, y, margin=1)
    if heights is None:
        return None
    rise = np.hypot(*np.gradient(heights))[1:-1, 1:-1]  # metres a pixel
    steps = heights[1:-1, 1:-1] / contour_step(z)
    line = np.rint(steps)
    away = np.abs(steps - line) * contour_step(z) / np.maximum(rise, 1e-9)  # pixels from the nearest contour
    strong = line % 5 == 0
    ink = np.clip(np.where(strong, 1.2, 0.9) - away, 0, 1) * np.where(strong, 0.85, 0.5)
    ink *= np.clip(rise / contour_step(z) * FADE, 0, 1)
    colour = np.broadcast_to(np.reshape(CONTOUR, (3, 1, 1)), (3, SIZE, SIZE))
    return png(np.concatenate([colour, np.nan_to_num(ink * 255)[None]]))


def terrain_rgb_tile(dem: str | Path, z: int, x: int, y: int) -> bytes | None:
    """A 256 × 256 PNG of heights, terrarium encoding: metres = red·256 + green + blue/256 − 32768.

    Parameters, result and errors are those of `hillshade_tile`; cells without data get height 0, as the
    format has no other word for them.

    Source: Tilezen Joerd, "Terrarium" format.
    """
    heights = _heights(dem, z, x, y)
    if heights is None:
        return None
    value = np.clip(np.rint((np.nan_to_num(heights) + SEA_LEVEL) * 256), 0, 2**24 - 1).astype(np.uint32)
    return png(np.stack([value >> 16, value >> 8 & 255, value & 255]))


def elevation_at(dem: str | Path, lonlat: ArrayLike) -> Floats:
    """Heights at points, linear between the centres of cells.

    Parameters
    ----------
    dem : as in `hillshade_tile`. lonlat : (n, 2) degrees, EPSG:4490.

    Returns
    -------
    (n,) metres; NaN outside the DEM and beside cells without data.
    """
    points = np.asarray(lonlat, float).reshape(-1, 2)
    with rasterio.open(dem) as source:
        if source.crs is None:
            raise Invalid("高程数据没有坐标系。", "The DEM has no coordinate system.", field="dem")
        to_dem = Transformer.from_crs("EPSG:4490", source.crs.to_wkt(), always_xy=True)
        x, y = to_dem.transform(*points.T)
        cell = ~source.transform
        column, row = cell.a * x + cell.b * y + cell.c, cell.d * x + cell.e * y + cell.f
        inside = (column >= 0) & (column <= source.width) & (row >= 0) & (row <= source.height)
        heights = np.full(len(points), np.nan)
        if not inside.any():
            return heights
        column, row = column[inside] - 0.5, row[inside] - 0.5
        left, top = (max(int(np.floor(a.min())), 0) for a in (column, row))
        window = Window(left, top, int(column.max()) + 2 - left, int(row.max()) + 2 - top)
        window = window.intersection(Window(0, 0, source.width, source.height))
        cells = source.read(1, window=window, masked=True).astype(float).filled(np.nan)
    heights[inside] = map_coordinates(cells, [row - top, column - left], order=1, mode="nearest")
    return heights


def _heights(dem: str | Path, z: int, x: int, y: int, margin: int = 0) -> Floats | None:
    """Heights of a tile's pixels and of `margin` pixels round it; None where the DEM has nothing."""
    west, south, east, north = bounds(z, x, y)
    pixel_m = (east - west) / SIZE
    box = (
        west - margin * pixel_m,
        south - margin * pixel_m,
        east + margin * pixel_m,
        north + margin * pixel_m,
    )
    shape = (SIZE + 2 * margin,) * 2
    heights = regrid(dem, "terrain", "EPSG:3857", from_bounds(*box, *shape), shape)
    return None if np.isnan(heights).all() else heights


def png(bands: NDArray[np.generic]) -> bytes:
    """Bands (bands × rows × columns, of bytes) as a PNG."""
    with MemoryFile() as memory:
        with memory.open(
            driver="PNG", width=bands.shape[2], height=bands.shape[1], count=len(bands), dtype="uint8"
        ) as file:
            file.write(bands.astype(np.uint8))
        return bytes(memory.getbuffer())
