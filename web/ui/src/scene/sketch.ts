/** Drawing on the map by clicks: Escape takes the last corner back, Enter ends; the corners stay with whoever asked. */
import type { Position } from 'geojson'
import { onBeforeUnmount, onMounted, ref, watchEffect } from 'vue'
import { typing } from '@/lib/typing'
import { useTaker } from '@/roads/taker'
import { useWork } from '@/stores/work'
import { LEAST, sketchOf, type Drawn } from './marks'

export function useSketch(held: () => { drawn: Drawn | null; corners: Position[] }) {
  const work = useWork()
  const drawing = ref(false)

  function take(lon: number, lat: number): void {
    const { drawn, corners } = held()
    if (drawn === 'Point') corners.splice(0)
    const last = corners.at(-1)
    if (last && last[0] === lon && last[1] === lat) return end()
    corners.push([lon, lat])
    if (drawn === 'Point') end()
  }
  function end(): void {
    const { drawn, corners } = held()
    if (drawn && corners.length >= LEAST[drawn]) drawing.value = false
  }
  function back(): void {
    held().corners.pop()
    drawing.value = true
  }
  function again(): void {
    held().corners.splice(0)
    drawing.value = true
  }
  /** Before the keys of the wall; a field that is typed in keeps its own. */
  function press(event: KeyboardEvent): void {
    if (typing(event.target) || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape' && held().corners.length) back()
    else if (event.key === 'Enter' && drawing.value && !(event.target instanceof HTMLButtonElement)) end()
    else return
    event.stopImmediatePropagation()
    event.preventDefault()
  }
  useTaker(() => (drawing.value && held().drawn ? { anywhere: true, exact: true, take: (at) => (take(at.lon, at.lat), true) } : null))
  watchEffect(() => {
    const { drawn, corners } = held()
    work.sketch = drawn ? sketchOf(drawn, corners.map((at) => [...at])) : []
  })
  onMounted(() => window.addEventListener('keydown', press, true))
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', press, true)
    work.sketch = []
  })
  return { drawing, end, back, again }
}
