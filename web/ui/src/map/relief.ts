/** The 2.5-D scene: the ground with its heights, buildings that stand on it, a sky for a dark wall. */
import type { LightSpecification, SkySpecification, TerrainSpecification } from 'maplibre-gl'
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { mapColour } from '@/style/tokens'

/** The source that the ground takes its heights from; where the district has no DEM it stays flat. */
export const GROUND = 'ground'
/** How many times true height the ground stands; told on the map. Buildings stand at their true height. */
export const EXAGGERATION = 1.5
export const PITCH = 56

export const ground: TerrainSpecification = { source: GROUND, exaggeration: EXAGGERATION }
export const sky: SkySpecification = {
  'sky-color': mapColour.sky, 'horizon-color': mapColour.horizon, 'fog-color': mapColour.fog,
  'sky-horizon-blend': 0.6, 'horizon-fog-blend': 0.7, 'fog-ground-blend': 0.8, 'atmosphere-blend': 0,
}
/** From the north-west and high, as in the shaded relief, so that walls to the south-east are darker. */
export const light: LightSpecification = { anchor: 'map', position: [1.2, 315, 40], intensity: 0.35 }

export const useRelief = defineStore('relief', () => {
  const on = ref(false)
  return { on, toggle: () => (on.value = !on.value) }
})
