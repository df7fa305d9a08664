"""All reference tables, so that whoever needs the metadata has it whole."""

from gis_data.tables.accounts import Account, LoginAttempt, LoginFailure, LoginSession
from gis_data.tables.base import GIS, SRID, WORLD, Base
from gis_data.tables.imports import ImportJob, SourceMapping
from gis_data.tables.land import Building, Landcover, Place, Raster, Water
from gis_data.tables.people import PopulationCell
from gis_data.tables.plans import PlanEdition
from gis_data.tables.provenance import District, Load
from gis_data.tables.readings import ReadingSource
from gis_data.tables.registers import TABLES, AdminUnit, ProtectedTarget, RegisterChange, Shelter, Team
from gis_data.tables.roads import Road, RoadNode, TurnRestriction
from gis_data.tables.tiles import TileChange
from gis_data.tables.worlds import ClockRow, WorldRow

__all__ = [
    "GIS",
    "SRID",
    "TABLES",
    "WORLD",
    "Account",
    "AdminUnit",
    "Base",
    "Building",
    "ClockRow",
    "District",
    "ImportJob",
    "Landcover",
    "Load",
    "LoginAttempt",
    "LoginFailure",
    "LoginSession",
    "Place",
    "PlanEdition",
    "PopulationCell",
    "ProtectedTarget",
    "Raster",
    "ReadingSource",
    "RegisterChange",
    "Road",
    "RoadNode",
    "Shelter",
    "SourceMapping",
    "Team",
    "TileChange",
    "TurnRestriction",
    "Water",
    "WorldRow",
]
