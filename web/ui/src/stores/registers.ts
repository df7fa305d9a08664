/** What hardly changes: the district, its layers, shelters and worlds. Loaded once, asked again after a failure. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, Problem } from '@/api/client'
import type { District, LayerEntry, Shelter, World } from '@/api/types'
import { shows } from '@/scenes/scenes'
import { useSettings } from './settings'

export const useRegisters = defineStore('registers', () => {
  const district = ref<District | null>(null)
  const catalogue = ref<LayerEntry[]>([])
  /** Versions of tiles newer than the catalogue, as the stream tells them. */
  const versions = ref<Record<string, number>>({})
  const layers = computed(() => catalogue.value.map((layer) => ({ ...layer, version: Math.max(layer.version, versions.value[layer.id] ?? 0) })))
  const shelters = ref<Shelter[] | null>(null)
  const worlds = ref<World[]>([])
  const problem = ref<Problem | null>(null)
  const sheltersProblem = ref<Problem | null>(null)
  const settings = useSettings()

  async function load(): Promise<void> {
    problem.value = null
    try {
      ;[district.value, catalogue.value] = await Promise.all([api.district(), api.layers()])
    } catch (cause) {
      problem.value = cause instanceof Problem ? cause : new Problem(0, '底图目录打不开', 'The map catalogue does not open')
      if (problem.value.status !== 401) setTimeout(() => void load(), 5000)
      return
    }
    void loadWorlds()
    void loadShelters()
  }
  async function loadShelters(): Promise<void> {
    sheltersProblem.value = null
    shelters.value = await api.shelters().catch((cause: unknown) => {
      sheltersProblem.value = cause instanceof Problem ? cause : null
      return shelters.value
    })
  }
  async function loadWorlds(): Promise<void> {
    worlds.value = await api.worlds().catch(() => worlds.value)
  }
  const isOn = (id: string) =>
    (settings.onScreen ? undefined : settings.layers[id]) ?? shows(settings.onScreen || settings.scene, id) ?? layers.value.find((layer) => layer.id === id)?.default_on ?? true
  const room = computed(() => (shelters.value ?? []).reduce((sum, shelter) => sum + (shelter.capacity ?? 0), 0))
  const unknownRoom = computed(() => (shelters.value ?? []).filter((shelter) => shelter.capacity === null).length)
  return { district, layers, versions, shelters, worlds, problem, sheltersProblem, load, loadShelters, loadWorlds, isOn, room, unknownRoom }
})
