/** Every layer that this page can draw; the server's catalogue says which of them there are. */
import type { LayerEntry } from '@/api/types'
import { admin } from './layers/admin'
import { coverage, islands, serviceAreas, singleRoads, ways } from './layers/analysis'
import { buildings } from './layers/buildings'
import { closures } from './layers/closures'
import { fireRun, floodRoads, gasZones, suggestions } from './layers/models'
import { cyclones, rainField } from './layers/cyclones'
import { gauges } from './layers/gauges'
import { devices } from './layers/devices'
import { hazards } from './layers/hazards'
import { incidents } from './layers/incidents'
import { landcover } from './layers/landcover'
import { places } from './layers/places'
import { population } from './layers/population'
import { contours, hillshade, terrain } from './layers/relief'
import { registerLayer } from './layers/register'
import { roads } from './layers/roads'
import { routes } from './layers/routes'
import { sceneMarks } from './layers/scene'
import { sight } from './layers/sight'
import { shelters } from './layers/shelters'
import { targets } from './layers/targets'
import { teams } from './layers/teams'
import { towns } from './layers/towns'
import { water } from './layers/water'
import type { MapLayer } from './types'

/** Within one slot, earlier is lower. */
export const LAYERS: readonly MapLayer[] = [
  admin, landcover, terrain, hillshade, contours, population, water, towns, buildings, serviceAreas, islands, coverage, roads, singleRoads, places, targets, shelters, rainField, cyclones, fireRun, gasZones, sight, sceneMarks, floodRoads, suggestions, closures, ways, routes, gauges, hazards, devices, teams, incidents,
]
/** The layers of a catalogue as this page draws them: by modules of their own, or as the registers that they show. */
export function layersOf(catalogue: Iterable<LayerEntry>): MapLayer[] {
  const own = new Set(LAYERS.map((layer) => layer.id))
  const entries = [...catalogue]
  const shown = entries.filter((entry) => entry.register_key && !own.has(entry.id)).map(registerLayer)
  const known = new Set(entries.map((entry) => entry.id))
  const at = LAYERS.indexOf(targets)
  return [...LAYERS.slice(0, at), ...shown, ...LAYERS.slice(at)].filter((layer) => known.has(layer.id))
}
export const ALWAYS = ['town_colour', 'incidents', 'teams', 'devices', 'closures', 'routes', 'ways', 'service_areas', 'islands', 'single_roads', 'coverage', 'suggestions', 'flood_roads', 'fire_run', 'gas_zones', 'sight', 'scene_marks', 'rain_field', 'cyclones', 'gauge_state', 'hazard_state'] as const
