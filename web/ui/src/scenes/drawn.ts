/** Keeps the map in step with the five colours of the towns, and with what the director shows on this screen. */
import { nextTick, watch } from 'vue'
import type { MapController } from '@/map/controller'
import { collection } from '@/map/live'
import { useRelief } from '@/map/relief'
import { useRegisters } from '@/stores/registers'
import { useSettings } from '@/stores/settings'
import { useDirector, type View } from './director'
import { useGlance } from './glance'

/** So many rings of two seconds for what is pointed at; then a ring stands about it. */
const PULSES = 3
const PULSE_MS = 2000

/** Call it in a component's setup; what it gives back draws on a map from then on. */
export function useScenesDrawn(): (control: MapController) => void {
  const director = useDirector()
  const glance = useGlance()
  const registers = useRegisters()
  const settings = useSettings()
  const relief = useRelief()
  let to: MapController | undefined
  /** Where the map looked before somebody directed it. */
  let before: View | null = null
  let pulses: ReturnType<typeof setTimeout> | undefined

  function drawTowns(): void {
    const on = registers.isOn('town_colour')
    const look = settings.patterns ? 'five' : ''
    to?.feed('town_colour', collection(on ? glance.features.map((one) => ({ ...one, properties: { ...one.properties, look } })) : []))
  }
  /** Where what is pointed at stands now; a team moves. */
  function target(): { lon: number; lat: number } | null {
    const at = director.shown?.highlight
    if (!at) return null
    const { teams, incidents } = director.visible
    if (at.kind === 'team') return teams.find((one) => one.id === at.id) ?? null
    return at.kind === 'incident' ? (incidents.find((one) => one.id === at.id) ?? null) : at
  }
  function drawTarget(): void {
    if (!director.name) return
    const at = target()
    to?.feed('picked', collection(at ? [{ type: 'Feature', geometry: { type: 'Point', coordinates: [at.lon, at.lat] }, properties: {} }] : []))
  }
  function pulse(left: number): void {
    clearTimeout(pulses)
    const at = target()
    if (!at || !left) return
    to?.pulse(at.lon, at.lat)
    pulses = setTimeout(() => pulse(left - 1), PULSE_MS)
  }
  /** A view that is pitched is one of the 2.5-D scene. */
  async function turn(pitch: number): Promise<void> {
    relief.on = pitch > 0
    await nextTick()
  }
  async function follow(): Promise<void> {
    if (!to || !director.name) return
    if (director.shown) {
      before ??= to.view()
      await turn(director.shown.pitch)
      to.fly(director.shown)
      pulse(PULSES)
    } else if (before) {
      await turn(before.pitch)
      to.fly(before)
      before = null
    }
  }
  watch([() => glance.features, () => settings.patterns, () => director.scene, () => settings.layers.town_colour], drawTowns)
  watch(() => director.visible, drawTarget)
  // Two orders may say the same; each has its own time.
  watch([() => director.mine?.shown_at ?? '', () => director.name], () => (void follow(), drawTarget()))
  return (control) => {
    to = control
    director.map = { view: () => control.view(), fly: (view) => control.fly(view) }
    drawTowns()
    void follow()
    drawTarget()
  }
}
