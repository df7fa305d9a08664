"""Water at buildings: the greatest depth along each outline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from layers.flood.roads import RoadIndex, along_roads, road_index
from layers.flood.scene import Floats, Scene


@dataclass(frozen=True)
class BuildingIndex:
    """Where outlines lie on a scene, and which of `count` buildings each of them belongs to."""

    outlines: RoadIndex
    owner: NDArray[np.int64]
    count: int


def building_index(scene: Scene, areas: NDArray[np.object_]) -> BuildingIndex:
    """The cells along the outer rings of (buildings,) polygons in the scene's CRS, made once for many runs."""
    parts, owner = shapely.get_parts(areas, return_index=True)
    return BuildingIndex(road_index(scene, shapely.get_exterior_ring(parts)), owner, len(areas))


def at_buildings(index: BuildingIndex, depth_m: ArrayLike) -> Floats:
    """The greatest depth (buildings,) m along each outline: water at the wall, which may not have come in."""
    found = np.zeros(index.count)
    np.maximum.at(found, index.owner, along_roads(index.outlines, depth_m))
    return found
