/** Every layer that this page can draw; the server's catalogue says which of them there are. */
import { admin } from './layers/admin'
import { buildings } from './layers/buildings'
import { closures } from './layers/closures'
import { incidents } from './layers/incidents'
import { landcover } from './layers/landcover'
import { places } from './layers/places'
import { population } from './layers/population'
import { hillshade, terrain } from './layers/relief'
import { roads } from './layers/roads'
import { routes } from './layers/routes'
import { shelters } from './layers/shelters'
import { targets } from './layers/targets'
import { teams } from './layers/teams'
import { water } from './layers/water'
import type { MapLayer } from './types'

/** Within one slot, earlier is lower. */
export const LAYERS: readonly MapLayer[] = [
  admin, landcover, terrain, hillshade, population, water, buildings, roads, places, targets, shelters, closures, routes, teams, incidents,
]
export const ALWAYS = ['incidents', 'teams', 'closures', 'routes'] as const
