/** A team that is sent another way, or has none left, is said aloud: nobody watches the map all the time. */
import { onBeforeUnmount } from 'vue'
import type { Patch } from '@/api/types'
import { useWords } from '@/lib/words'
import { useBoard } from '@/stores/board'
import { useNotice } from '@/stores/notice'

/** How long a cut route may wait for the new one that follows it. */
const FOLLOWS_MS = 800
const KEEP_MS = { news: 30_000, fault: 60_000 } as const

export function useReroutes(): void {
  const board = useBoard()
  const notice = useNotice()
  const { pick } = useWords()
  const cut = new Map<string, ReturnType<typeof setTimeout>>()

  const say = (patch: Patch, tone: 'news' | 'fault') => notice.say(pick(patch.zh, patch.en), tone, KEEP_MS[tone])
  function hear(patch: Patch): void {
    if (patch.kind !== 'RouteInvalidated' && patch.kind !== 'RouteReplaced') return
    const id = Object.keys(patch.put?.dispatches ?? {})[0] ?? ''
    clearTimeout(cut.get(id))
    cut.delete(id)
    if (patch.kind === 'RouteReplaced') return say(patch, 'news')
    cut.set(id, setTimeout(() => {
      cut.delete(id)
      say(patch, 'fault')
    }, FOLLOWS_MS))
  }
  const stop = board.onEach(hear)
  onBeforeUnmount(() => {
    stop()
    for (const waiting of cut.values()) clearTimeout(waiting)
  })
}
