/** Phones of the field, asked for while somebody may watch them: the last place of each, and how old it is. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, client } from '@/api/client'
import type { components } from '@/api/schema.gen'
import { collection } from '@/map/live'
import type { Ring } from '@/map/icons/draw'
import { useBoard } from '@/stores/board'
import { useSession } from '@/stores/session'

type Device = components['schemas']['DeviceOut']
export interface Fix extends Device {
  lon: number
  lat: number
  position_at: string
}
const EVERY_MS = 15_000
/** A place counts as where its team is so long (`command.teams.FIX`); later it is only the last known. */
export const FRESH_S = 300
const LOST_S = 1800

export const ringAt = (ageS: number): Ring => (ageS <= FRESH_S ? 'fresh' : ageS <= LOST_S ? 'stale' : 'unknown')

export const useDevices = defineStore('devices', () => {
  const board = useBoard()
  const session = useSession()
  const rows = ref<Device[]>([])
  let timer: ReturnType<typeof setInterval> | undefined
  const fixes = computed(() => rows.value.filter((one): one is Fix => one.lon !== null && one.lat !== null && one.position_at !== null))
  const ageS = (one: Fix) => Math.max(0, (board.worldNow - Date.parse(one.position_at)) / 1000)
  const ofTeam = (id: string) => fixes.value.filter((one) => one.teams.includes(id)).sort((a, b) => Date.parse(b.position_at) - Date.parse(a.position_at))[0]

  async function load(): Promise<void> {
    if (!session.can('field.watch')) return void (rows.value = [])
    rows.value = await answer<Device[]>(client.GET('/api/worlds/{world}/field/devices', { params: { path: { world: board.world } } })).catch(() => rows.value)
  }
  function watch(): () => void {
    void load()
    timer = setInterval(() => void load(), EVERY_MS)
    return () => clearInterval(timer)
  }
  const features = (label: (one: Fix) => string) =>
    collection(fixes.value.map((one, id) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [one.lon, one.lat] }, properties: { id, icon: `device:${ringAt(ageS(one))}`, label: label(one) } })))
  return { rows, fixes, ageS, ofTeam, load, watch, features }
})
