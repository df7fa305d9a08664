"""Which shelters count for a question, and why the others do not. The handbook's 5.12, rules 1 and 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely


@dataclass(frozen=True)
class Question:
    """What a coverage is asked for. All figures are parameters, printed on the answer.

    `hazard` is a shelter's word for what it serves (`geohazard`, `flood`, `typhoon`, `fire`, `earthquake`);
    `overnight` people need a roof; `per_capita_m2` by space, indoor and outdoor; `appraisal_years` a safety appraisal
    holds; `on` the day that counts.
    """

    hazard: str
    overnight: bool
    indoor_m2: float
    outdoor_m2: float
    appraisal_years: int
    on: date


REASONS = {
    "not_accepted": ("未验收", "not accepted"),
    "appraisal_expired": ("安全鉴定过期", "safety appraisal expired"),
    "out_of_use": ("停用", "out of use"),
    "hazard": ("不适用该灾种", "not for this hazard"),
    "danger_zone": ("位于风险区内", "inside a danger zone"),
    "outdoor": ("室外，不能过夜避雨", "outdoor, no night in the rain"),
    "excluded": ("人工排除", "left out by hand"),
    "no_capacity": ("容量未知", "capacity unknown"),
}
"""Why a shelter does not count, in both languages. One without known capacity counts for distance, with no room."""


def eligibility(
    shelters: gpd.GeoDataFrame,
    question: Question,
    danger: shapely.Geometry | None = None,
    excluded: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """For each shelter (row): `capacity` for the question, `eligible`, and `reasons`, a list of keys of `REASONS`.

    Parameters
    ----------
    shelters : `code`, `space`, `accepted`, `appraised_at`, `state`, `hazards`, `effective_area_m2`, `capacity`, and a
        Point, in the CRS of `danger`, the zones or flooded ground of the hazard in question.
    excluded : codes left out by hand.

    Capacity = floor(effective area / area per person of the space), or, where the area is not known, what the register
    says. What is not known stays NA and is never 0.
    """
    n = len(shelters)
    outdoor = shelters["space"].eq("outdoor").to_numpy(bool)
    expires = pd.to_datetime(shelters["appraised_at"]) + pd.DateOffset(years=question.appraisal_years)
    serves = [
        hazards is None or not len(hazards) or question.hazard in hazards or "all" in hazards
        for hazards in shelters["hazards"]
    ]
    inside = np.zeros(n, bool) if danger is None else shapely.intersects(shelters.geometry.to_numpy(), danger)
    faults = {
        "not_accepted": ~shelters["accepted"].fillna(False).to_numpy(bool),
        "appraisal_expired": ~(expires >= pd.Timestamp(question.on)).to_numpy(bool),
        "out_of_use": shelters["state"].eq("out_of_use").to_numpy(bool),
        "hazard": ~np.array(serves, bool),
        "danger_zone": np.asarray(inside, bool),
        "outdoor": outdoor & question.overnight,
        "excluded": shelters["code"].isin(excluded).to_numpy(bool),
    }
    per_person = np.where(outdoor, question.outdoor_m2, question.indoor_m2)
    by_area = np.floor(shelters["effective_area_m2"].to_numpy(float, na_value=np.nan) / per_person)
    capacity = np.where(np.isnan(by_area), shelters["capacity"].to_numpy(float, na_value=np.nan), by_area)
    found = pd.DataFrame({"capacity": pd.array(capacity, "Float64").astype("Int64")}, index=shelters.index)
    found["eligible"] = ~np.any(np.column_stack(list(faults.values())), axis=1)
    unknown = found["capacity"].isna().to_numpy(bool)
    named = faults | {"no_capacity": unknown}
    found["reasons"] = [[key for key, hits in named.items() if hits[i]] for i in range(n)]
    return found
