"""The district's communities and villages (村社), the lowest organisations: whose ground a place lies on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely
from scipy.spatial import KDTree

from gis_data.demo import plan
from gis_data.demo.ground import Field
from gis_data.demo.land import Ints, Objects
from gis_data.demo.registers.sites import WORDS, Sites, spread

RESIDENTS_EACH = 12_000


@dataclass(frozen=True)
class Communities:
    """Code of the organisation, name, unit and centre (metres) of each."""

    code: Objects
    name: Objects
    unit: Objects
    xy: Field

    def near(self, xy: Field, units: Objects) -> Ints:
        """The nearest community to each point, of the point's own unit where it has one."""
        found = KDTree(self.xy).query(xy)[1]
        for unit in set(self.unit):
            own, here = np.flatnonzero(self.unit == unit), np.flatnonzero(units == unit)
            if len(here):
                found[here] = own[KDTree(self.xy[own]).query(xy[here])[1]]
        return np.asarray(found, dtype=np.int64)

    def posts(self, at: Ints, role: int) -> list[str]:
        """The code of a post of these communities; `organisation.ROLES` names the roles."""
        return [f"{code}-G{role}" for code in self.code[at]]


def town(unit: str) -> str:
    """The code of a town's own organisation."""
    return f"DEMO-O-{unit}"


def of_rows(sites: Sites, communities: Communities, rows: pd.DataFrame, xy: Field) -> Ints:
    """The community of each row of a register that lies at these points."""
    return communities.near(xy, rows["admin_code"].fillna("").to_numpy(dtype=object))


def make(sites: Sites) -> Communities:
    """About one community for 12,000 residents, four to sixteen a unit; named after a village that lies there."""
    code, name, unit, centres = [], [], [], []
    villages = sites.land.villages
    hamlets = KDTree([v.centre.coords[0] for v in villages]) if villages else None
    words = iter(WORDS)
    taken: set[int] = set()
    for (own, *_), residents in zip(plan.UNITS, sites.land.residents, strict=True):
        homes = sites.xy[sites.within(own) & sites.used("house", "apartments", "tower")]
        for k, at in enumerate(spread(homes, int(np.clip(residents / RESIDENTS_EACH, 4, 16)))):
            away, near = hamlets.query(homes[at]) if hamlets else (np.inf, 0)
            code.append(f"{town(own)}-{k + 1:02d}")
            own_village = away < 700 and int(near) not in taken
            name.append(villages[near].name if own_village else f"演示{next(words)}社区")
            taken.add(int(near))
            unit.append(own)
            centres.append(homes[at])
    return Communities(
        np.array(code, dtype=object), np.array(name, dtype=object), np.array(unit, dtype=object),
        shapely.get_coordinates(shapely.points(centres)),
    )  # fmt: skip
