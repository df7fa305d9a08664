/** The one stream client: server-sent events of one world, re-opened for ever, with the time of the last word. */
import type { Beat, Patch, Readings } from '@/api/types'

export interface StreamHandlers {
  patch(patch: Patch): void
  reset(): void
  beat(beat: Beat): void
  /** The versions of the map's layers, by layer. */
  layers(versions: Record<string, number>): void
  readings(readings: Readings): void
  /** Any word from the server, so that the age of data can be told. */
  heard(): void
  opened(): void
  lost(): void
}

export interface Stream {
  close(): void
}

const RETRY_MS = 3000
/** Beats come every 5 s; a line this long silent is dead even if the browser calls it open. */
const SILENT_MS = 20_000

export function openStream(address: () => string, on: StreamHandlers): Stream {
  let source: EventSource | null = null
  let closed = false
  let retry: ReturnType<typeof setTimeout> | undefined
  let lastWord = Date.now()

  const word = () => {
    lastWord = Date.now()
    on.heard()
  }
  const listen = <D>(name: string, act: (data: D) => void) =>
    source?.addEventListener(name, (event) => {
      word()
      act(JSON.parse((event as MessageEvent<string>).data) as D)
    })

  function connect(): void {
    clearTimeout(retry)
    source?.close()
    lastWord = Date.now()
    source = new EventSource(address(), { withCredentials: true })
    source.onopen = () => {
      word()
      on.opened()
    }
    source.onerror = () => {
      on.lost()
      if (source?.readyState === EventSource.CLOSED && !closed) again()
    }
    listen<Patch>('patch', on.patch)
    listen<unknown>('reset', on.reset)
    listen<Beat>('beat', on.beat)
    listen<Record<string, number>>('layers', on.layers)
    listen<Readings>('readings', on.readings)
  }
  function again(): void {
    source?.close()
    clearTimeout(retry)
    retry = setTimeout(connect, RETRY_MS)
  }
  const watch = setInterval(() => {
    if (Date.now() - lastWord < SILENT_MS) return
    on.lost()
    lastWord = Date.now()
    again()
  }, 2000)

  connect()
  return {
    close() {
      closed = true
      clearTimeout(retry)
      clearInterval(watch)
      source?.close()
    },
  }
}
