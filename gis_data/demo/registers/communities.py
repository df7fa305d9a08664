"""The district's communities and villages (村社), the lowest organisations: whose ground a place lies on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from gis_data.demo import plan
from gis_data.demo.ground import Field
from gis_data.demo.land import Objects
from gis_data.demo.registers.sites import WORDS, Sites, spread

RESIDENTS_EACH = 12_000


VILLAGE_M = 700
"""A place within so much of a village's centre goes by its name."""


@dataclass(frozen=True)
class Communities:
    """Code of the organisation, name, unit and centre (metres) of each."""

    code: Objects
    name: Objects
    unit: Objects
    xy: Field


@dataclass(frozen=True)
class Lying:
    """Where rows lie: the codes of their communities' organisations, and what people call each place."""

    code: Objects
    place: tuple[str, ...]

    def posts(self, role: int) -> list[str]:
        """The code of a post of each row's community; `organisation.ROLES` names the roles."""
        return [f"{code}-G{role}" for code in self.code]


def town(unit: str) -> str:
    """The code of a town's own organisation."""
    return f"DEMO-O-{unit}"


def of_rows(sites: Sites, communities: Communities, rows: pd.DataFrame, xy: Field) -> Lying:
    """Where the rows of a register lie that stand at these points: in the nearest community of their own unit."""
    units = rows["admin_code"].fillna("").to_numpy(dtype=object)
    found = KDTree(communities.xy).query(xy)[1]
    for unit in set(communities.unit):
        own, here = np.flatnonzero(communities.unit == unit), np.flatnonzero(units == unit)
        if len(here):
            found[here] = own[KDTree(communities.xy[own]).query(xy[here])[1]]
    villages = sites.land.villages
    away, near = KDTree([v.centre.coords[0] for v in villages]).query(xy)
    name = [villages[v].name if m < VILLAGE_M else str(communities.name[c])
            for v, m, c in zip(near, away, found, strict=True)]  # fmt: skip
    return Lying(communities.code[found], tuple(name))


def make(sites: Sites) -> Communities:
    """About one community for 12,000 residents, four to sixteen a unit; named after a village that lies there."""
    code, name, unit, centres = [], [], [], []
    villages = sites.land.villages
    hamlets = KDTree([v.centre.coords[0] for v in villages])
    words = iter(WORDS)
    taken: set[int] = set()
    for (own, *_), residents in zip(plan.UNITS, sites.land.residents, strict=True):
        homes = sites.xy[sites.within(own) & sites.used("house", "apartments", "tower")]
        for k, at in enumerate(spread(homes, int(np.clip(residents / RESIDENTS_EACH, 4, 16)))):
            away, near = hamlets.query(homes[at])
            code.append(f"{town(own)}-{k + 1:02d}")
            own_village = away < VILLAGE_M and int(near) not in taken
            name.append(villages[near].name if own_village else f"演示{next(words)}社区")
            taken.add(int(near))
            unit.append(own)
            centres.append(homes[at])
    return Communities(
        np.array(code, dtype=object), np.array(name, dtype=object), np.array(unit, dtype=object),
        shapely.get_coordinates(shapely.points(centres)),
    )  # fmt: skip
