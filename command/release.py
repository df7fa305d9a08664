"""What may follow from a leak or a fire beside the first zones: a plume's outline, radii of heat. All is 参考."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from shapely import Point
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from command.exposure import exposed, metric, moved, said
from command.wind import wind_at
from gis_data.clock import SHANGHAI
from gis_data.db import Reading
from gis_data.errors import Invalid
from gis_data.parameters import numbers_under
from layers.heat import BALL_SHARE, HEAT_KW_M2, POOL_SHARE, fireball, heat_radius, liquid, pool_heat_kw
from layers.plume import VALID_M, Release, footprint, kg_m3_of_ppm, stability_of

Words = tuple[str, str]
PLUME: tuple[Words, ...] = (
    ("稳定泄漏、开阔平地、轻于或近于空气的气体；街区内不适用",
     "A steady leak over open ground of a gas no heavier than air; among buildings it is wrong"),
    ("重气（氯、丙烷、冷氨）贴地扩散，近处比此处宽且远",
     "Heavy gas (chlorine, propane, cold ammonia) keeps to the ground: wider and farther near the leak than this"),
    ("浓度为约 10 分钟均值，瞬时可高数倍；近于 100 米处不准",
     "A mean of some ten minutes: moments are several times higher; wrong within some 100 m"),
    ("测站的风不等于现场的风，风会转向", "The gauge's wind is not the wind in the street, and it turns"),
)  # fmt: skip
HEAT: tuple[Words, ...] = (
    ("点源辐射模型，距火数倍焰长以内不适用", "The fire is taken as a point: wrong within some flame lengths"),
    ("不计烟尘遮挡、风使火焰倾斜、抛射碎片和冲击波", "No smoke, no flame tilted by the wind, no fragments, no blast"),
    ("大气透射率取 1，辐射份额为经验值", "The air is taken to let all through, the radiated share is by experience"),
)  # fmt: skip


@dataclass(frozen=True)
class Level:
    """A concentration to be drawn: mg/m³, or ppm with the gas' molar mass, g/mol; what it is called."""

    mg_m3: float | None
    ppm: float | None
    molar_g: float | None
    name: str | None

    def kg_m3(self) -> float:
        """In kg/m³. Raises Invalid."""
        if self.mg_m3 is not None:
            return self.mg_m3 * 1e-6
        if self.ppm is None or self.molar_g is None:
            zh, en = "请给 mg/m³，或 ppm 与摩尔质量。", "Give mg/m³, or ppm and the molar mass."
            raise Invalid(zh, en, field="levels")
        return kg_m3_of_ppm(self.ppm, self.molar_g)


@dataclass(frozen=True)
class Leak:
    """A steady leak. Wind None: of the nearest gauges. `sky` : strong, moderate, slight sun; cloudy, clear night."""

    lon: float
    lat: float
    rate_kg_s: float
    height_m: float
    urban: bool
    sky: str | None
    wind_ms: float | None
    from_deg: float | None
    levels: Sequence[Level]


def plume(tx: Reading, asked: Leak) -> dict[str, Any]:
    """The outline of each level, how far it reaches, and who and what is inside; the strongest level first."""
    near = wind_at(tx, asked.lon, asked.lat)
    wind, from_deg = asked.wind_ms, asked.from_deg
    for value, name, field, zh, en in (
        (wind, "speed", "wind_ms", "风速", "wind's speed"),
        (from_deg, "direction", "wind_from_deg", "风向", "wind's direction"),
    ):
        if value is None and near[name] is None:
            said_zh, said_en = f"附近没有可用的{zh}读数，请填写{zh}。", f"No gauge near by tells the {en}; give it."
            raise Invalid(said_zh, said_en, field=field)
    wind = float(near["speed"]["value"]) if wind is None else wind
    from_deg = float(near["direction"]["value"]) if from_deg is None else from_deg
    night = not 6 <= tx.at.astimezone(SHANGHAI).hour < 18
    sky = asked.sky or ("cloudy" if night else "slight")
    stability = stability_of(wind, sky)
    there = metric(tx.session)
    at = Point(*there.transform(asked.lon, asked.lat))
    release = Release(at, asked.rate_kg_s, wind, from_deg, stability, urban=asked.urban, height_m=asked.height_m)
    levels = sorted(((level.kg_m3(), level) for level in asked.levels), key=lambda one: -one[0])
    found = [footprint(release, kg_m3) for kg_m3, _ in levels]
    areas = [moved(one.area, there, back=True) for one in found]
    return {
        "computed_at": tx.at, "lon": asked.lon, "lat": asked.lat, "wind_ms": wind, "wind_from_deg": from_deg,
        "wind_gauge": near["speed"] if asked.wind_ms is None else None,
        "wind_vane": near["direction"] if asked.from_deg is None else None,
        "sky": sky, "sky_given": asked.sky is not None, "stability": stability, "valid_m": VALID_M,
        "levels": [
            {"name": level.name, "mg_m3": round(kg_m3 * 1e6, 4), "reach_m": round(one.reach_m, 1), "cut": one.cut,
             "area": mapping(area), "area_m2": round(one.area.area), "exposure": inside}
            for (kg_m3, level), one, area, inside in zip(levels, found, areas, _inside(tx, areas), strict=True)
        ],
        "assumptions": [{"zh": zh, "en": en} for zh, en in PLUME],
    }  # fmt: skip


@dataclass(frozen=True)
class Fire:
    """A burning pool of a diameter, or a fireball of a mass; `radiated` None is what is usual."""

    lon: float
    lat: float
    kind: Literal["pool", "bleve"]
    fuel: str
    diameter_m: float | None
    mass_kg: float | None
    radiated: float | None


def heat(tx: Reading, asked: Fire) -> dict[str, Any]:
    """Radii of the usual fluxes, from the middle of the pool or below the fireball, and who is inside each."""
    of = liquid(asked.fuel)
    given = numbers_under(tx.session, "heat.", tx.at)
    figures: dict[str, Any] = {"diameter_m": asked.diameter_m, "lasts_s": None}
    if asked.kind == "pool":
        if asked.diameter_m is None:
            raise Invalid("请给液池直径。", "Give the pool's diameter.", field="diameter_m")
        heat_kw, share = pool_heat_kw(of, asked.diameter_m), given.get("pool_share", POOL_SHARE)
    else:
        if asked.mass_kg is None:
            raise Invalid("请给燃料质量。", "Give the mass of fuel.", field="mass_kg")
        ball = fireball(of, asked.mass_kg)
        heat_kw, share = ball.heat_kw, given.get("bleve_share", BALL_SHARE)
        figures = {"diameter_m": round(ball.diameter_m, 1), "lasts_s": round(ball.lasts_s, 1)}
    share = asked.radiated or share
    there = metric(tx.session)
    at = Point(*there.transform(asked.lon, asked.lat))
    radii = [heat_radius(heat_kw, flux, share) for flux in HEAT_KW_M2]
    areas = [moved(at.buffer(radius, quad_segs=32), there, back=True) for radius in radii]
    return {
        "computed_at": tx.at, "lon": asked.lon, "lat": asked.lat, "kind": asked.kind, "fuel": asked.fuel,
        "fuel_words": {"zh": of.zh, "en": of.en}, "mass_kg": asked.mass_kg, "heat_mw": round(heat_kw / 1000, 1),
        "radiated": share, **figures,
        "radii": [
            {"kw_m2": flux, "words": {"zh": zh, "en": en}, "radius_m": round(radius, 1), "area": mapping(area),
             "exposure": inside}
            for (flux, (zh, en)), radius, area, inside in zip(
                HEAT_KW_M2.items(), radii, areas, _inside(tx, areas), strict=True
            )
        ],
        "assumptions": [{"zh": zh, "en": en} for zh, en in HEAT],
    }  # fmt: skip


def _inside(tx: Reading, areas: list[BaseGeometry]) -> list[list[dict[str, Any]]]:
    """Who and what is inside each area; nothing in an empty one."""
    some = [area for area in areas if not area.is_empty]
    found = iter(exposed(tx.session, some) if some else [])
    return [said(next(found)) if not area.is_empty else [] for area in areas]
