"""What water runs over: the ground, what covers it, water bodies, walls, and the outer edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from pyflwdir.dem import fill_depressions

from gis_data.errors import Invalid

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int32]
NO_DATA = -9999.0


@dataclass(frozen=True)
class Cover:
    """One class of land use: Manning's n (s/m^⅓), and what the ground and the drains take of the rain, mm/h."""

    manning: float
    infiltration_mmh: float
    drainage_mmh: float = 0.0


DEMO_COVERS: Mapping[int, Cover] = {
    10: Cover(0.10, 15.0),  # trees
    20: Cover(0.07, 12.0),  # shrubs
    30: Cover(0.05, 10.0),  # grass
    40: Cover(0.04, 8.0),  # crops
    50: Cover(0.03, 2.0, 20.0),  # built-up, with drains
    60: Cover(0.03, 5.0),  # bare ground
    80: Cover(0.03, 0.0),  # water
    90: Cover(0.07, 1.0),  # wetland
}
"""DEMO values by ESA WorldCover class, within the ranges of Chow, Open-Channel Hydraulics (1959); the bureau has to
give its own."""


@dataclass(frozen=True)
class Body:
    """A lake or river whose level is known: metres in the datum of the ground, linear between `times_s`."""

    name: str
    level_m: tuple[float, ...]
    times_s: tuple[float, ...] = (0.0,)

    def at(self, t_s: float) -> float:
        """The level at a time, held before the first and after the last."""
        return float(np.interp(t_s, self.times_s, self.level_m))


@dataclass(frozen=True)
class Scene:
    """Square cells in a projected CRS, the first row northernmost.

    z : (ny, nx) ground, metres, NaN outside.
    manning : (ny, nx) s/m^⅓.
    loss_mmh : (ny, nx) what ground and drains can take, mm/h.
    body : (ny, nx) number of the water body in `bodies`, -1 on land.
    crest_x, crest_y : (ny, nx + 1), (ny + 1, nx) crests of walls on the faces west and north of cells, -inf for none.
    edge_slope : water leaves over the outer edge at normal depth on the ground's own slope, at least this one; None: a
        wall stands around.
    """

    z: Floats
    cell_m: float
    manning: Floats
    loss_mmh: Floats
    body: Ints
    bodies: tuple[Body, ...] = ()
    crest_x: Floats | None = None
    crest_y: Floats | None = None
    edge_slope: float | None = 0.001
    transform: Affine = field(default_factory=Affine.identity)
    crs: str = ""

    @property
    def land(self) -> Bools:
        """(ny, nx) cells whose depth is computed."""
        return np.isfinite(self.z) & (self.body < 0)

    def cells_of(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of points in the scene's CRS; -1, -1 outside the grid."""
        row, column = _rows_columns(self.transform, np.asarray(x, float), np.asarray(y, float))
        rows, columns = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
        ny, nx = self.z.shape
        inside = (rows >= 0) & (rows < ny) & (columns >= 0) & (columns < nx)
        return np.where(inside, rows, -1), np.where(inside, columns, -1)


def make_scene(
    z: ArrayLike,
    cell_m: float,
    *,
    land_use: ArrayLike | None = None,
    covers: Mapping[int, Cover] = DEMO_COVERS,
    other: Cover = Cover(0.05, 0.0),
    body: ArrayLike | None = None,
    bodies: Sequence[Body] = (),
    fill_m: float = 0.0,
    edge_slope: float | None = 0.001,
    transform: Affine | None = None,
    crs: str = "",
) -> Scene:
    """A scene from rasters on one grid.

    Parameters
    ----------
    z : (ny, nx) ground, metres, NaN outside; embankments are part of it.
    land_use : (ny, nx) classes, keys of `covers`; `other` stands for classes that are not there, and for no raster.
    body : (ny, nx) number of the water body, -1 on land.
    fill_m : pits shallower than this many metres are filled to their brim, as noise of the survey; deeper ones stay.

    Raises Invalid where shapes differ, a body is unknown, or the ground is empty.
    """
    ground: Floats = np.array(z, float)
    if ground.ndim != 2 or not np.isfinite(ground).any():
        raise Invalid("地形栅格为空。", "The ground has no cells.", field="z")
    ground[~np.isfinite(ground)] = np.nan
    number = np.full(ground.shape, -1, np.int32) if body is None else np.asarray(body, np.int32)
    use = np.zeros(ground.shape, int) if land_use is None else np.asarray(land_use)
    for name, grid in (("body", number), ("land_use", use)):
        if grid.shape != ground.shape:
            raise Invalid(
                f"{name} 的大小 {grid.shape} 与地形 {ground.shape} 不同。",
                f"{name} has shape {grid.shape}, the ground {ground.shape}.",
                field=name,
            )
    if number.max(initial=-1) >= len(bodies):
        raise Invalid(f"水体 {number.max()} 未定义。", f"Water body {number.max()} is not defined.", field="body")
    if fill_m > 0:
        ground = _filled(ground, number, fill_m)
    manning, loss = np.full(ground.shape, other.manning), np.full(ground.shape, other.infiltration_mmh)
    loss += other.drainage_mmh
    for key, cover in covers.items() if land_use is not None else ():
        manning[use == key] = cover.manning
        loss[use == key] = cover.infiltration_mmh + cover.drainage_mmh
    return Scene(
        ground, float(cell_m), manning, loss, number, tuple(bodies), None, None, edge_slope,
        Affine.identity() if transform is None else transform, crs,
    )  # fmt: skip


def _filled(z: Floats, body: Ints, most_m: float) -> Floats:
    """The ground with shallow pits filled; water bodies and the outer edge are where water leaves."""
    dry = np.isfinite(z) & (body < 0)
    found, _ = fill_depressions(np.where(dry, z, NO_DATA), max_depth=most_m, connectivity=4, nodata=NO_DATA)
    return np.where(dry, np.maximum(found, z), z)


def _rows_columns(transform: Affine, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Places in the grid, in cells and parts of cells."""
    a, b, c, d, e, f = (~transform)[:6]
    return d * x + e * y + f, a * x + b * y + c


def with_wall(scene: Scene, line: shapely.LineString, crest_m: float, *, above_ground: bool = False) -> Scene:
    """The scene with a wall along a line in its CRS, no thicker than the face between two cells.

    Every face whose two cells lie on different sides of the line gets the crest, where that is higher than what stands.

    Parameters
    ----------
    crest_m : in the datum of the ground, or (`above_ground`) over the higher of the face's two cells.
    """
    ny, nx = scene.z.shape
    crests = []
    rows, columns = _rows_columns(scene.transform, *shapely.get_coordinates(line).T)
    wall = shapely.LineString(np.column_stack([columns, rows]))
    shapely.prepare(wall)
    low, high = np.floor([rows.min(), columns.min()]) - 1, np.ceil([rows.max(), columns.max()]) + 1
    for axis, (old, shape) in enumerate(((scene.crest_y, (ny + 1, nx)), (scene.crest_x, (ny, nx + 1)))):
        crest = np.full(shape, -np.inf) if old is None else old.copy()
        r, c = (np.arange(max(int(a), 0), min(int(b) + 1, n)) for a, b, n in zip(low, high, shape, strict=True))
        row, column = (index.ravel() for index in np.meshgrid(r, c, indexing="ij"))
        one = np.column_stack([column + 0.5 - (axis == 1), row + 0.5 - (axis == 0)])
        other = np.column_stack([column + 0.5, row + 0.5])
        cut = shapely.intersects(wall, shapely.linestrings(np.stack([one, other], axis=1)))
        row, column = row[cut], column[cut]
        foot: Floats | float = 0.0
        if above_ground:
            before = np.maximum(row - (axis == 0), 0), np.maximum(column - (axis == 1), 0)
            here = np.minimum(row, ny - 1), np.minimum(column, nx - 1)
            foot = np.nan_to_num(np.fmax(scene.z[before], scene.z[here]))
        crest[row, column] = np.maximum(crest[row, column], foot + crest_m)
        crests.append(crest)
    return replace(scene, crest_y=crests[0], crest_x=crests[1])
