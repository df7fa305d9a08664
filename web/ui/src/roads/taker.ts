/** While a panel is open it may take clicks on the map: for any place, or for certain things only. */
import { onBeforeUnmount, watchEffect } from 'vue'
import { useWork, type Taker } from '@/stores/work'

/** `wanted` says who takes the next clicks, or nobody; it is asked again whenever what it reads changes. */
export function useTaker(wanted: () => Taker | null): void {
  const work = useWork()
  watchEffect(() => (work.taker = wanted()))
  onBeforeUnmount(() => (work.taker = null))
}
