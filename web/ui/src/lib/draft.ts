/** Text being typed: kept in the browser until it is sent or thrown away, so a reload or a log-out loses nothing. */
import { reactive, watch } from 'vue'

export interface Draft<V extends object> {
  value: V
  /** True when the person has changed anything. */
  touched(): boolean
  clear(): void
  /** Send it: once taken, what was sent is cleared; a field changed in the meantime keeps its new words. */
  send<R>(call: () => Promise<R | null>): Promise<R | null>
}

const PREFIX = 'baochu:draft:'

function read(key: string): object | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? 'null')
    return kept && typeof kept === 'object' ? kept : null
  } catch {
    return null
  }
}

/** A draft under a name; `fresh` makes an empty one. Fields that the page no longer knows are left behind. */
export function useDraft<V extends object>(name: string, fresh: () => V): Draft<V> {
  const key = PREFIX + name
  const start = fresh()
  const kept = read(key) as Partial<V> | null
  const known = Object.fromEntries(Object.entries(kept ?? {}).filter(([field]) => field in start))
  const value = reactive({ ...start, ...known }) as V
  let blank = JSON.stringify(start)

  watch(
    () => JSON.stringify(value),
    (text) => {
      try {
        localStorage.setItem(key, text)
      } catch {
        /* A full or forbidden store must not stop a report. */
      }
    },
    { flush: 'sync' },
  )
  return {
    value,
    touched: () => JSON.stringify(value) !== blank,
    clear() {
      const next = fresh()
      blank = JSON.stringify(next)
      Object.assign(value, next)
      localStorage.removeItem(key)
    },
    async send(call) {
      const sent = JSON.stringify(value)
      const got = await call()
      if (got === null) return null
      const now = Object.entries(value)
      const before = JSON.parse(sent) as Record<string, unknown>
      this.clear()
      Object.assign(value, Object.fromEntries(now.filter(([field, words]) => JSON.stringify(words) !== JSON.stringify(before[field]))))
      return got
    },
  }
}

/** Is anything kept under this name? */
export function hasDraft(name: string): boolean {
  return read(PREFIX + name) !== null
}
