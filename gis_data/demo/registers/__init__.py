"""The synthetic registers of the demo district: all of them, linked to each other by their codes. All is made up."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from gis_data.demo import plan
from gis_data.demo.built import frame
from gis_data.demo.land import Land
from gis_data.demo.registers import (
    communities,
    crews,
    danger,
    forest,
    hollows,
    homes,
    monitoring,
    organisation,
    reference,
    resources,
    slopes,
    stores,
    villages,
    waters,
)
from gis_data.demo.registers.sites import AS_OF, Frames, Sites
from gis_data.registers import REGISTERS

PERSONS_A_HOUSEHOLD = 2.6


def units(land: Land) -> gpd.GeoDataFrame:
    """Rows of `admin_unit`: the twelve, eleven of them in scope."""
    columns = {
        "code": [u[0] for u in plan.UNITS],
        "name": [u[1] for u in plan.UNITS],
        "name_en": [u[2] for u in plan.UNITS],
        "level": "town",
        "parent_code": "330106",
        "governing_authority": [
            "杭州西湖风景名胜区管委会" if u[0] == plan.SCENIC else "西湖区人民政府" for u in plan.UNITS
        ],
        "in_scope": [u[0] != plan.SCENIC for u in plan.UNITS],
        "population": list(land.residents),
        "households": [round(n / PERSONS_A_HOUSEHOLD) for n in land.residents],
        "geom_source": "generated",
        "as_of": AS_OF,
    }
    return frame(columns, [shapely.multipolygons([area]) for area in land.ground.units])


def make(land: Land, rng: np.random.Generator) -> Frames:
    """Rows of every register."""
    outlines = units(land)
    sites = Sites(land, outlines, rng)
    folk = communities.make(sites)
    found: Frames = {"admin_unit": outlines}

    steep = slopes.steep(sites)
    threats = slopes.threats(sites, steep)
    found["geohazard_zone"] = zones = slopes.zones(sites, folk, threats)
    found["geohazard_point"] = slopes.points(sites, folk, threats, zones)
    found["cut_slope_house"] = slopes.cut_slope_houses(sites, folk, steep)
    found["slope_unit"] = slopes.slope_units(sites, folk, steep)

    found["underpass"] = hollows.underpasses(sites, hollows.dips(sites))
    found["waterlogging_point"] = low = hollows.waterlogging(sites, folk, found["underpass"])
    middle = waters.middles(sites)
    found["river_reach"] = waters.reaches(sites, middle)
    found["dyke"] = waters.dykes(sites)
    found["reservoir"] = ponds = waters.reservoirs(sites, folk)
    found["sluice"] = waters.sluices(sites, middle, found["dyke"])

    chosen = villages.choose(sites)
    households = villages.households(sites, chosen, folk)
    key = villages.key_villages(sites, chosen, folk, households, ponds)
    found["protected_target"] = targets = danger.targets(sites)
    found["shelter"] = shelters = resources.shelters(sites, folk, chosen, zones)
    found["key_village"], households = villages.sheltered(sites, key, households, shelters, zones)
    found["geohazard_zone"] = zones.assign(shelter_code=villages.nearest_fit(shelters, zones)["code"].to_numpy())
    found["at_risk_household"] = households
    found["at_risk_person"] = villages.persons(households, rng)
    found["rain_threshold"] = reference.approved(
        pd.concat([villages.thresholds(key, rng), slopes.thresholds(zones)], ignore_index=True)
    )

    found["team"] = teams = crews.teams(sites, targets)
    found["team_member"] = crews.team_members(teams, rng)
    found["vehicle"] = crews.vehicles(sites, teams)
    found["supply_depot"] = depots = stores.depots(sites)
    found["equipment"] = crews.equipment(teams, depots, rng)
    found["supply_item"] = stores.items()
    found["supply_stock"] = stores.stock(depots, rng)
    found |= resources.stations(sites, targets)
    found |= resources.grounds(sites, folk)

    found["enterprise"] = firms = danger.enterprises(sites)
    found["chemical_site"] = danger.chemical_sites(sites, firms)
    found["gas_station"] = danger.gas_stations(sites, firms)
    found["gas_supply_point"] = danger.gas_supply_points(sites, folk)
    found["risk_point"] = danger.risk_points(sites, folk, firms)
    found["dilapidated_house"] = homes.dilapidated(sites, folk)
    found["old_compound"] = homes.compounds(sites, folk, low)
    found["construction_site"] = homes.construction(sites, folk)

    hills = forest.hills(sites)
    tops = forest.peaks(sites, hills, 12)
    found["forest_stand"] = forest.stands(sites, folk, hills)
    found["fire_break"] = forest.breaks(sites, folk, hills)
    found["forest_road"] = forest.roads(sites, folk)
    found["lookout"] = forest.lookouts(sites, folk, tops)
    found["checkpoint"] = forest.checkpoints(sites, folk)
    found["fire_point"] = forest.fire_points(sites, folk)
    found["water_point"] = forest.water_points(sites, folk, ponds)

    found["gauge"] = monitoring.gauges(sites, folk, chosen, low, tops, middle)
    found["sensor"] = monitoring.sensors(sites)
    found["camera"] = monitoring.cameras(sites, folk, tops, found["gauge"], danger.crossings(sites))
    found["historical_disaster"] = homes.history(sites, found)
    found["flood_danger"] = homes.flood_dangers(sites, found)

    found["organization"] = organisation.organisations(folk)
    found = organisation.with_gaps(found)
    lying = {name: _community(sites, folk, found[name]) for name in ("waterlogging_point", "underpass", "key_village")}
    found["responsibility_link"] = organisation.links(found, folk, lying)
    found["post"] = organisation.posts(found, folk)
    found["post_holder"] = organisation.holders(found["post"], folk, rng)
    found["code_list"] = reference.code_lists()
    found["code_item"] = reference.code_items()
    found["parameter"] = reference.parameters()
    return {name: found[name] for name in REGISTERS}


def _community(sites: Sites, folk: communities.Communities, rows: pd.DataFrame) -> communities.Lying:
    metric = gpd.GeoSeries(rows["geom"], crs="EPSG:4490").to_crs("EPSG:4549")
    return communities.of_rows(sites, folk, rows, shapely.get_coordinates(metric.representative_point()))
