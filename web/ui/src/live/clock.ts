/** The world's clock: a stored anchor, read against the server's time and never against the browser's own. */
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import type { Clock } from '@/api/types'

const offsetMs = ref(0)
const browserNow = ref(Date.now())
let users = 0
let timer: ReturnType<typeof setInterval> | undefined

/** The server says that it is `iso` now. */
export function setServerTime(iso: string | undefined): void {
  const at = iso ? Date.parse(iso) : Number.NaN
  if (!Number.isNaN(at)) offsetMs.value = at - Date.now()
}

/** World time in ms: sim0 + (real − real0) × speed. */
export function worldTime(clock: Clock, realMs: number): number {
  return Date.parse(clock.sim0) + (realMs - Date.parse(clock.real0)) * clock.speed
}

/** Real time (the server's), ticking twice a second while anybody looks. */
export function useRealNow(): ComputedRef<number> {
  users += 1
  timer ??= setInterval(() => (browserNow.value = Date.now()), 500)
  browserNow.value = Date.now()
  onScopeDispose(() => {
    users -= 1
    if (users > 0) return
    clearInterval(timer)
    timer = undefined
  })
  return computed(() => browserNow.value + offsetMs.value)
}

export function realNow(): number {
  return Date.now() + offsetMs.value
}
