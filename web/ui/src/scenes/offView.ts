/** Incidents that are out of this screen's view: told, and fitted in when somebody asks, or by themselves where the screen is set so. */
import { computed, ref, watch } from 'vue'
import { useBoard } from '@/stores/board'
import { useRegisters } from '@/stores/registers'
import { useSettings } from '@/stores/settings'
import { useWork } from '@/stores/work'
import { useDirector } from './director'

export function useOffView() {
  const board = useBoard()
  const director = useDirector()
  const registers = useRegisters()
  const settings = useSettings()
  const work = useWork()
  const moved = ref(0)
  const incidents = computed(() => director.visible.incidents)
  const outside = computed(() => {
    void moved.value
    void board.version
    const bounds = window.baochuMap?.getBounds()
    return bounds ? incidents.value.filter((one) => !bounds.contains([one.lon, one.lat])).length : 0
  })
  function fit(): void {
    const at = incidents.value.map((one) => [one.lon, one.lat])
    if (!at.length) work.lookAtAll()
    else work.lookAlong(at.length > 1 ? at : [...at, ...at])
  }
  watch(() => director.map, (map) => {
    const chart = window.baochuMap
    if (!map || !chart || !registers.district) return
    chart.on('moveend', () => (moved.value += 1))
    // The district beside the legend, from the first.
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize)
    if (!director.shown) chart.fitBounds(registers.district.bounds, { padding: { top: 2 * rem, bottom: 2 * rem, left: 15 * rem, right: 3 * rem }, duration: 0 })
  })
  watch(() => incidents.value.length, (now, before) => settings.autoFit && !director.shown && now > before && outside.value && fit())
  return { outside, fit }
}
