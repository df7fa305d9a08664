"""Questions to the models of fire and gas, and who is inside an area. All of it is 参考."""

from __future__ import annotations

from fastapi import APIRouter

from command import chemical, release
from command.access import require
from command.exposure import area_of, exposed, said
from command.fire import danger_days
from command.fire.danger import Asked, at_place
from command.fire.danger_map import over_district
from command.wind import wind_at
from gis_data.clock import SHANGHAI
from gis_data.db import reading, writing
from layers.fire import danger, danger_class
from layers.fire.weather import Typed
from web.api.danger_schemas import (
    AreaIn,
    BilingualOut,
    ChemicalIn,
    ChemicalOut,
    ClassIn,
    ClassTableIn,
    DangerClassOut,
    ExposureLineOut,
    ExposureOut,
    FireDangerIn,
    FireDangerOut,
    WindOut,
)
from web.api.fire_danger_schemas import DangerDayOut, DangerMapIn, DangerMapOut, DayIn, PlaceDangerOut
from web.api.release_schemas import HeatIn, HeatOut, PlumeIn, PlumeOut
from web.api.schemas import Lat, Lon
from web.deps import ActorDep, SettingsDep, WorldDep
from web.errors import responses

router = APIRouter(prefix="/api/worlds/{world}", tags=["models"])
REFERENCE = BilingualOut(zh="参考；以现场侦检为准", en="参考: detectors on the spot go before it")
STATUS = BilingualOut(zh="参考；不据此发布预警颜色", en="参考: no colour of a warning is made from it")


@router.post("/exposure", responses=responses(404, 422))
def exposure(world: WorldDep, body: AreaIn) -> ExposureOut:
    """Who and what lies inside a polygon: people, households at risk, schools, firms, roads, shelters."""
    area = area_of(body.area, "area")
    with reading(world) as tx:
        (found,) = exposed(tx.session, [area])
        lines = [ExposureLineOut(**line) for line in said(found)]
        return ExposureOut(computed_at=tx.at, area_m2=found.area_m2, lines=lines)


@router.get("/wind", responses=responses(404, 422))
def wind(world: WorldDep, lon: Lon, lat: Lat) -> WindOut:
    """The nearest fresh speed and direction of the wind, each with its gauge and age; null where nobody tells."""
    with reading(world) as tx:
        return WindOut(**wind_at(tx, lon, lat))


@router.post("/chemical-zones", responses=responses(404, 422))
def chemical_zones(world: WorldDep, body: ChemicalIn) -> ChemicalOut:
    """初始警戒建议 after a leak: circle and sector, who is inside, and from where teams come."""
    asked = chemical.Asked(
        body.lon, body.lat, body.un_number, body.site_code, body.spill == "large", body.night, body.wind_from_deg,
        body.hazard,
    )  # fmt: skip
    with reading(world) as tx:
        return ChemicalOut(**chemical.answer(tx, asked))


@router.post("/gas-plume", responses=responses(404, 422))
def gas_plume(world: WorldDep, body: PlumeIn) -> PlumeOut:
    """Where a steady leak exceeds concentrations (Gaussian plume), how far, and who is inside."""
    levels = [release.Level(**one.model_dump()) for one in body.levels]
    asked = release.Leak(
        body.lon,
        body.lat,
        body.rate_kg_s,
        body.height_m,
        body.urban,
        body.sky,
        body.wind_ms,
        body.wind_from_deg,
        levels,
    )
    with reading(world) as tx:
        return PlumeOut(**release.plume(tx, asked), status=REFERENCE)


@router.post("/heat-radii", responses=responses(404, 422))
def heat_radii(world: WorldDep, body: HeatIn) -> HeatOut:
    """How far a burning pool or a fireball heats, and who is inside each radius."""
    with reading(world) as tx:
        return HeatOut(**release.heat(tx, release.Fire(**body.model_dump())), status=REFERENCE)


@router.post("/fire-danger", responses=responses(404, 422))
def fire_danger(world: WorldDep, body: FireDangerIn) -> FireDangerOut:
    """Danger of the day from a station's noon weather: the Canadian indices; the class if its weather is said."""
    with reading(world) as tx:
        day = body.day or tx.at.astimezone(SHANGHAI).date()
    factors = danger.DMC_DAY_30N if body.day_length == "30N" else danger.DMC_DAY
    found = danger.fire_weather(
        body.temperature_c, body.humidity, body.wind_kmh, body.rain_mm, day.month,
        danger.Codes(body.ffmc, body.dmc, body.dc), dmc_day=factors,
    )  # fmt: skip
    indices = {
        name: round(float(getattr(found, name)), 4) for name in ("ffmc", "dmc", "dc", "isi", "bui", "fwi", "dsr")
    }
    return FireDangerOut(
        day=day, **indices, day_length=body.day_length, fire_class=_class(body.danger) if body.danger else None,
        status=STATUS,
    )  # fmt: skip


@router.post("/fire-danger/place", responses=responses(404, 422))
def danger_at_place(world: WorldDep, config: SettingsDep, body: DayIn) -> PlaceDangerOut:
    """The daily chain of the danger indices at a place, from the gauges about it and what was typed; its class."""
    with reading(world) as tx:
        found = at_place(tx, config.data, body.lon, body.lat, _asked(body))
    fire_class = found.pop("fire_class")
    return PlaceDangerOut(**found, fire_class=_class_out(fire_class) if fire_class else None, status=STATUS)


@router.post("/fire-danger/map", responses=responses(404, 422))
def danger_map(world: WorldDep, config: SettingsDep, body: DangerMapIn) -> DangerMapOut:
    """The danger of the day over the district's towns: a picture between corners, its legend, and how towns stand."""
    with reading(world) as tx:
        found = over_district(tx, config.data, (body.lon, body.lat), _asked(body), body.of, body.cell_m)
    return DangerMapOut(**found, status=STATUS)


@router.post("/fire-danger/days", status_code=201, responses=responses(404, 422))
def store_danger(world: WorldDep, actor: ActorDep, config: SettingsDep, body: DayIn) -> DangerDayOut:
    """Store the class of the day with its inputs; nothing is overwritten, of several of a day the last counts."""
    require(actor, "model.run")
    with reading(world) as now:
        found = danger_days.compute(now, config.data, _asked(body), (body.lon, body.lat))
    with writing(world, actor) as tx:
        row = danger_days.keep(tx, found)
        return DangerDayOut.model_validate(row, from_attributes=True)


@router.get("/fire-danger/days", responses=responses(404, 422))
def stored_dangers(world: WorldDep) -> list[DangerDayOut]:
    """Classes that were stored, the newest day first."""
    with reading(world) as tx:
        return [DangerDayOut.model_validate(row, from_attributes=True) for row in danger_days.stored(tx.session)]


def _asked(body: DayIn) -> Asked:
    before = danger.Codes(**body.before.model_dump()) if body.before else None
    dry = (body.last_rain.rain_mm, body.last_rain.days_ago) if body.last_rain else None
    weather = Typed(**body.weather.model_dump())
    return Asked(body.day, weather, body.season, _table(body.table), before, body.day_length, dry)


def _table(given: ClassTableIn | None) -> danger_class.ClassTable:
    """The table that was sent, else the DEMO one."""
    if given is None:
        return danger_class.DEMO
    return danger_class.ClassTable(
        given.document, _steps(given.temperature), _steps(given.humidity),
        tuple((one.least_mm, _steps(one.steps)) for one in sorted(given.dryness, key=lambda one: one.least_mm)),
        _steps(given.wind), given.season,
    )  # fmt: skip


def _class(said: ClassIn) -> DangerClassOut:
    return _class_out(danger_class.danger_class(_table(said.table), **said.model_dump(exclude={"table"})))


def _class_out(found: danger_class.Danger) -> DangerClassOut:
    zh, en = found.words
    return DangerClassOut(
        htz=found.htz, danger_class=found.danger_class, words=BilingualOut(zh=zh, en=en), parts=dict(found.parts),
        document=found.document, is_demo=found.is_demo,
    )  # fmt: skip


def _steps(given: list[tuple[float, int]]) -> danger_class.Steps:
    return tuple(sorted(given))
