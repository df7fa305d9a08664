"""The district's units (区划) as a value: which unit a place lies in, by outlines in EPSG:4490."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
import sqlalchemy as sa
from geoalchemy2.shape import to_shape
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from gis_data.tables import TABLES

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Units:
    """Codes, names and outlines of all units in force, the bureau's own and its neighbours', in the order of codes."""

    codes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    outlines: Shapes = field(default_factory=lambda: np.empty(0, dtype=object))

    def __len__(self) -> int:
        return len(self.codes)

    def position(self, code: str) -> int:
        """Where the unit of a code stands: of its nearest known ancestor for a finer code; -1 for an unknown one."""
        for digits in (len(code), 9, 6):
            if len(code) >= digits and code[:digits] in self.codes:
                return self.codes.index(code[:digits])
        return -1

    def of(self, geoms: Shapes) -> NDArray[np.int64]:
        """The position of the finest unit that each place (a point, or a point on a shape) lies in; -1 for none."""
        found = np.full(len(geoms), -1)
        xy = spots(geoms)
        for i in np.argsort([len(code) for code in self.codes], kind="stable"):
            found[self.holds(int(i), xy)] = i
        return found

    def holds(self, i: int, xy: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which positions (rows of lon, lat; NaN lies nowhere) are in or on the edge of unit `i`."""
        outline = self.outlines[i]
        shapely.prepare(outline)
        west, south, east, north = outline.bounds
        held: NDArray[np.bool_] = (west <= xy[:, 0]) & (xy[:, 0] <= east) & (south <= xy[:, 1]) & (xy[:, 1] <= north)
        held[held] = shapely.intersects_xy(outline, xy[held])
        return held


def spots(geoms: Shapes) -> NDArray[np.float64]:
    """One position for each shape, rows of lon, lat: the point itself, else a point on the shape; NaN for none."""
    kinds = shapely.get_type_id(geoms)
    xy = np.stack([shapely.get_x(geoms), shapely.get_y(geoms)], axis=-1)
    if (others := kinds > 0).any():
        on = shapely.point_on_surface(geoms[others])
        xy[others] = np.stack([shapely.get_x(on), shapely.get_y(on)], axis=-1)
    return xy


def load_units(session: Session, levels: Sequence[str] = ()) -> Units:
    """The units in force of this database, of some levels or of all."""
    table = TABLES["admin_unit"]
    wanted = sa.select(table.c.code, table.c.name, table.c.geom).where(table.c.valid_to.is_(None))
    if levels:
        wanted = wanted.where(table.c.level.in_(levels))
    rows = session.execute(wanted.order_by(table.c.code)).all()
    outlines = np.empty(len(rows), dtype=object)
    outlines[:] = [to_shape(row.geom) for row in rows]
    return Units(tuple(row.code for row in rows), tuple(row.name for row in rows), outlines)
