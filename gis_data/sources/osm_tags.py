"""How OpenStreetMap tags are read: road classes, access, one-way rules, and values with units."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Tags = Mapping[str, str]

LINKED = ("motorway", "trunk", "primary", "secondary", "tertiary")
DRIVEN = (
    *LINKED,
    *(f"{c}_link" for c in LINKED),
    "unclassified",
    "residential",
    "living_street",
    "service",
    "road",
)
WALKED = ("pedestrian", "footway", "path", "steps", "cycleway", "bridleway", "track", "busway")
ROADS = frozenset((*DRIVEN, *WALKED))
"""Values of `highway` that are roads; others (construction, platform, …) are not read."""

_NO_FOOT = ("motorway", "motorway_link", "trunk", "trunk_link", "busway")
_UNSET = (
    "none",
    "no",
    "default",
    "below_default",
    "unsigned",
    "no_sign",
    "signals",
    "variable",
    "no_indications",
)
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_UNITS = {"km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_WEIGHTS = {"t": 1.0, "kg": 0.001, "st": 0.90718474, "lbs": 0.00045359237, "lb": 0.00045359237}
_LENGTHS = {"m": 1.0, "cm": 0.01, "ft": 0.3048, "feet": 0.3048, "'": 0.3048, "in": 0.0254}


def _measured(text: str, units: Mapping[str, float]) -> float:
    found = re.fullmatch(rf"{_NUMBER}\s*({'|'.join(map(re.escape, units))})?", text)
    if not found:
        raise ValueError(text)
    value = float(found[1].replace(",", ".")) * (units[found[2]] if found[2] else 1.0)
    if value <= 0:
        raise ValueError(text)
    return value


def _one_of(text: str, read: Callable[[str], float]) -> float | None:
    """The smallest of `a;b`, None where the tag says there is no limit; ValueError where it cannot be read."""
    parts = [p.strip().lower() for p in text.split(";")]
    return None if all(p in _UNSET for p in parts) else min(read(p) for p in parts if p not in _UNSET)


def speed_kmh(text: str) -> float | None:
    """`50`, `30 mph`, `walk` in km/h."""
    return _one_of(text, lambda part: 5.0 if part == "walk" else _measured(part, _UNITS))


def weight_t(text: str) -> float | None:
    """`7.5`, `3500 kg`, `10 st` in tonnes."""
    return _one_of(text, lambda part: _measured(part, _WEIGHTS))


def length_m(text: str) -> float | None:
    """`3.5`, `3,5 m`, `12 ft`, `12'6"` in metres."""

    def read(part: str) -> float:
        feet = re.fullmatch(rf"{_NUMBER}\s*(?:'|ft)\s*{_NUMBER}\s*(?:\"|''|in)", part)
        if not feet:
            return _measured(part, _LENGTHS)
        return float(feet[1].replace(",", ".")) * 0.3048 + float(feet[2].replace(",", ".")) * 0.0254

    return _one_of(text, read)


def storey_height_m(tags: Tags) -> float | None:
    """A building's height in metres: `height`, or three metres a level; ValueError where it cannot be read."""
    if "height" in tags:
        return length_m(tags["height"])
    return 3.0 * _measured(tags["building:levels"], {}) if "building:levels" in tags else None


def direction(tags: Tags) -> int:
    """1 one-way as drawn, -1 one-way against it, 0 both ways (motorways and roundabouts are one-way unsaid)."""
    said = tags.get("oneway")
    if said in ("-1", "reverse"):
        return -1
    if said in ("yes", "true", "1"):
        return 1
    implied = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
    return int(implied and said not in ("no", "false", "0", "reversible", "alternating"))


def may_drive(tags: Tags) -> bool:
    """Whether a rescue vehicle may and can drive here.

    `no` closes, more special tags win; `private` and the like do not stop a rescuer; tracks only when paved or said.
    """
    said = next((tags[k] for k in ("emergency", "motor_vehicle", "vehicle", "access") if k in tags), None)
    if said == "no":
        return False
    if tags["highway"] in DRIVEN:
        return True
    firm = tags["highway"] == "track" and tags.get("tracktype") in ("grade1", "grade2")
    return firm or any(tags.get(k) in ("yes", "designated", "permissive") for k in ("emergency", "motor_vehicle"))


def may_walk(tags: Tags) -> bool:
    """Whether people may walk here: `foot` wins over `access`; motorways and trunks only when said."""
    foot = tags.get("foot")
    if foot is not None:
        return foot not in ("no", "use_sidepath")
    sidewalk = any(tags.get(k, "no") not in ("no", "none", "separate") for k in ("sidewalk", "sidewalk:both"))
    return tags.get("access") != "no" and (tags["highway"] not in _NO_FOOT or sidewalk)


WATER_LINES = ("river", "stream", "canal", "drain", "ditch")
LANDCOVER: dict[tuple[str, str], str] = {
    ("natural", "wood"): "wood",
    ("landuse", "forest"): "wood",
    ("natural", "scrub"): "scrub",
    ("natural", "heath"): "scrub",
    ("natural", "grassland"): "grass",
    ("landuse", "grass"): "grass",
    ("landuse", "meadow"): "grass",
    ("landuse", "village_green"): "grass",
    ("leisure", "park"): "park",
    ("leisure", "garden"): "park",
    ("landuse", "farmland"): "farmland",
    ("landuse", "orchard"): "orchard",
    ("landuse", "vineyard"): "orchard",
    ("natural", "wetland"): "wetland",
    ("landuse", "cemetery"): "cemetery",
    ("landuse", "residential"): "residential",
    ("landuse", "industrial"): "industrial",
    ("landuse", "commercial"): "commercial",
    ("landuse", "retail"): "commercial",
}
PLACES = ("city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet", "locality", "island")
TARGETS: dict[tuple[str, str], tuple[str, str]] = {
    ("amenity", "school"): ("school", "学校"),
    ("amenity", "kindergarten"): ("kindergarten", "幼儿园"),
    ("amenity", "college"): ("school", "学校"),
    ("amenity", "university"): ("school", "学校"),
    ("amenity", "hospital"): ("hospital", "医院"),
    ("amenity", "clinic"): ("clinic", "诊所"),
    ("amenity", "nursing_home"): ("nursing_home", "养老机构"),
    ("social_facility", "nursing_home"): ("nursing_home", "养老机构"),
    ("social_facility", "assisted_living"): ("nursing_home", "养老机构"),
    ("amenity", "fire_station"): ("fire_station", "消防站"),
    ("amenity", "police"): ("police", "派出所"),
    ("amenity", "place_of_worship"): ("worship", "宗教场所"),
    ("tourism", "hotel"): ("hotel", "宾馆"),
    ("shop", "mall"): ("mall", "商场"),
    ("power", "substation"): ("substation", "变电站"),
    ("man_made", "water_works"): ("water_works", "水厂"),
}
"""Protected targets: tag to kind, and the Chinese word for one without a name."""


def landcover(tags: Tags) -> str | None:
    """The land cover of an area, if its tags name one."""
    return next((kind for (key, value), kind in LANDCOVER.items() if tags.get(key) == value), None)


def water(tags: Tags) -> str | None:
    """The kind of a water area (lake, river, reservoir, …), if it is one."""
    if tags.get("natural") == "water":
        return tags.get("water", "water")
    if tags.get("waterway") in ("riverbank", "dock"):
        return "river" if tags["waterway"] == "riverbank" else "dock"
    return tags["landuse"] if tags.get("landuse") in ("reservoir", "basin") else None


def target(tags: Tags) -> tuple[str, str] | None:
    """The kind of protected target and its Chinese word, if it is one."""
    return next((kind for (key, value), kind in TARGETS.items() if tags.get(key) == value), None)
