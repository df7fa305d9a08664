/**
 * The scenes (场景): what the map and the panels show for each kind of work, for operators' walls and for screens.
 * What is among the topics of some scene is off in every scene that does not name it; the rest follows the catalogue.
 */
import type { SceneId } from '@/api/types'

export type PanelId =
  | 'incidents' | 'command' | 'transfers' | 'teams' | 'shelters' | 'closures' | 'gauges' | 'hazards' | 'towns' | 'daily' | 'fire' | 'chemical' | 'drill' | 'tasks' | 'levels'
/** Panels of the operator's right column. */
export type DeskPanelId = 'suggestions' | 'teams' | 'shelters' | 'monitor' | 'closures' | 'log'

export interface Scene {
  id: SceneId
  key: string
  /** Layers of the catalogue that are on. */
  layers: string[]
  /** Layers that the screen's legend explains. */
  legend: string[]
  /** Of the screen: the outer left and right columns, and on an ultra-wide one the two inner ones as well. */
  left: PanelId[]
  right: PanelId[]
  innerLeft: PanelId[]
  innerRight: PanelId[]
  /** Of the operator's wall: its right column. */
  desk: DeskPanelId[]
}

export const SCENES: readonly Scene[] = [
  {
    id: 'daily', key: '1',
    layers: ['town_colour', 'flood_danger', 'risk_point'],
    legend: ['town_colour', 'flood_danger', 'risk_point', 'incidents'],
    left: ['incidents', 'daily'], right: ['towns', 'teams'], innerLeft: ['levels', 'command', 'tasks'], innerRight: ['hazards', 'gauges', 'shelters'],
    desk: ['suggestions', 'monitor', 'teams', 'shelters', 'log'],
  },
  {
    id: 'flood', key: '2',
    layers: ['gauge_state', 'hazard_state', 'flood_roads', 'suggestions', 'rain_field', 'cyclones', 'underpass', 'waterlogging_point', 'reservoir', 'shelters'],
    legend: ['hazard_state', 'flood_roads', 'closures', 'shelters'],
    left: ['incidents', 'command'], right: ['gauges', 'closures', 'transfers', 'shelters', 'teams'], innerLeft: ['levels', 'tasks', 'towns'], innerRight: ['hazards', 'daily'],
    desk: ['suggestions', 'monitor', 'closures', 'shelters', 'teams', 'log'],
  },
  {
    id: 'geohazard', key: '3',
    layers: ['hazard_state', 'gauge_state', 'geohazard_zone', 'geohazard_point', 'key_village', 'shelters', 'islands', 'single_roads', 'rain_field'],
    legend: ['hazard_state', 'geohazard_zone', 'key_village', 'shelters'],
    left: ['incidents', 'command'], right: ['hazards', 'transfers', 'shelters', 'teams'], innerLeft: ['levels', 'tasks', 'towns'], innerRight: ['gauges', 'closures', 'daily'],
    desk: ['monitor', 'suggestions', 'shelters', 'teams', 'closures', 'log'],
  },
  {
    id: 'forest_fire', key: '4',
    layers: ['fire_run', 'water_point', 'lookout', 'fire_point', 'checkpoint', 'helipad', 'gauge_state', 'fire_break', 'forest_road'],
    legend: ['fire_run', 'scene_marks', 'water_point', 'lookout', 'fire_point', 'fire_break'],
    left: ['incidents', 'command'], right: ['fire', 'teams', 'closures', 'transfers'], innerLeft: ['levels', 'tasks', 'towns'], innerRight: ['gauges', 'shelters', 'daily'],
    desk: ['monitor', 'teams', 'closures', 'shelters', 'log'],
  },
  {
    id: 'city_fire', key: '5',
    layers: ['gas_zones', 'protected_targets', 'chemical_site', 'gas_station', 'fire_station', 'medical_facility', 'gauge_state'],
    legend: ['scene_marks', 'closures', 'protected_targets', 'chemical_site', 'gas_station', 'fire_station', 'medical_facility'],
    left: ['incidents', 'command'], right: ['chemical', 'teams', 'closures', 'transfers'], innerLeft: ['levels', 'tasks', 'towns'], innerRight: ['gauges', 'shelters', 'daily'],
    desk: ['teams', 'closures', 'monitor', 'shelters', 'log'],
  },
  {
    id: 'drill', key: '6',
    layers: ['gauge_state', 'hazard_state', 'flood_roads', 'suggestions', 'fire_run', 'gas_zones', 'shelters', 'command_post', 'staging_area', 'supply_depot'],
    legend: ['incidents', 'hazard_state', 'closures'],
    left: ['incidents', 'command'], right: ['drill', 'tasks', 'teams', 'transfers'], innerLeft: ['levels', 'towns'], innerRight: ['hazards', 'gauges', 'shelters', 'closures'],
    desk: ['suggestions', 'monitor', 'teams', 'closures', 'shelters', 'log'],
  },
]
export const DESK: readonly DeskPanelId[] = ['suggestions', 'teams', 'shelters', 'monitor', 'closures', 'log']
export const sceneOf = (id: string): Scene | undefined => SCENES.find((scene) => scene.id === id)

const TOPICS = new Set(SCENES.flatMap((scene) => scene.layers))
/** Whether a scene shows a layer; undefined where it has no say. */
export function shows(scene: string, layer: string): boolean | undefined {
  const found = sceneOf(scene)
  return found && TOPICS.has(layer) ? found.layers.includes(layer) : undefined
}
