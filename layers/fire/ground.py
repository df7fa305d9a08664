"""The ground that a fire runs over: fuel from stands, slope, canopy, and what stops it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS
from rasterio.features import rasterize
from shapely.geometry.base import BaseGeometry

from gis_data.errors import Invalid
from layers.fire.fuels import Fuel

Flags = NDArray[np.bool_]
NOTHING = -1
"""In the place of a fuel where nothing burns."""


@dataclass(frozen=True, eq=False)
class Ground:
    """What the fire runs over, north up, square cells, in a metric CRS.

    Attributes
    ----------
    fuel (rows, columns) : rows of `fuels`, -1 where nothing burns. transform, crs : of the grid.
    slope_deg, aspect_deg : as in `layers.terrain`. cover, height_m, crown_ratio : of the canopy, 0 where none.
    """

    fuel: NDArray[np.int16]
    fuels: tuple[Fuel, ...]
    transform: Affine
    crs: str
    slope_deg: ArrayLike = 0.0
    aspect_deg: ArrayLike = 0.0
    cover: ArrayLike = 0.0
    height_m: ArrayLike = 0.0
    crown_ratio: ArrayLike = 0.0

    def __post_init__(self) -> None:
        t = self.transform
        if t.b or t.d or not np.isclose(t.a, -t.e) or t.a <= 0:
            raise Invalid("栅格须北向上、方格。", "The grid must be north up with square cells.", field="transform")
        if {axis.unit_name for axis in CRS(self.crs).axis_info} != {"metre"}:
            raise Invalid("栅格坐标系须以米为单位。", "The grid's CRS must be in metres.", field="crs")

    @property
    def cell_m(self) -> float:
        """Side of a cell, m."""
        return float(self.transform.a)

    def without(self, cells: Flags) -> Ground:
        """The same ground where these cells (rows, columns) do not burn."""
        return replace(self, fuel=np.where(cells, NOTHING, self.fuel).astype(np.int16))


def fuel_cells(
    stands: Sequence[tuple[BaseGeometry, str]], shape: tuple[int, int], transform: Affine, fuels: Sequence[Fuel]
) -> NDArray[np.int16]:
    """Rows of `fuels` (rows, columns), from areas and the codes of their fuel; -1 outside all of them.

    A cell has the fuel of the stand that holds its centre, of the last that does. Codes are those of the register
    `forest_stand`, which are in `layers.fire.fuels.DEMO`.

    Raises
    ------
    Invalid : a code that is not among the fuels, with its row.
    """
    rows = {fuel.code: k for k, fuel in enumerate(fuels)}
    for row, (_, code) in enumerate(stands, 1):
        if code not in rows:
            words = f"第 {row} 个小班的可燃物 {code} 不在表中。", f"Stand {row} has the fuel {code}, not in the table."
            raise Invalid(*words, field="fuel", row=row)
    burnable = [(area, rows[code]) for area, code in stands if not area.is_empty]
    if not burnable:
        return np.full(shape, NOTHING, np.int16)
    return np.asarray(rasterize(burnable, shape, fill=NOTHING, transform=transform, dtype=np.int16))


def barriers(ground: Ground, lines: Sequence[BaseGeometry], widths_m: ArrayLike, least_m: float) -> Flags:
    """Cells of breaks, roads and water (lines or areas, in the grid's CRS) that stop a fire: those wide enough.

    Parameters
    ----------
    widths_m : of each, NaN where it is not known, which stops nothing. least_m : width that stops a fire, for the
    bureau to say. Every cell that a line touches stops, so a break closes the grid however narrow it is beside a cell.
    """
    widths = np.broadcast_to(np.asarray(widths_m, float), len(lines))
    wide = [line for line, width in zip(lines, widths, strict=True) if width >= least_m and not line.is_empty]
    return touched(ground, wide) if wide else np.zeros(ground.fuel.shape, bool)


def touched(ground: Ground, geometries: Sequence[BaseGeometry]) -> Flags:
    """Cells that the geometries touch."""
    found = rasterize(geometries, ground.fuel.shape, transform=ground.transform, all_touched=True, dtype=np.uint8)
    return np.asarray(found, bool)
