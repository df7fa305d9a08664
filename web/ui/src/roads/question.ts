/** A question to the roads as the page holds it: its answer is kept until it is cleared, and known to be stale. */
import { computed, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/client'
import type { AsOf } from '@/api/ways'
import { useBoard } from '@/stores/board'

/** A name for a set of closures. */
export const closureKey = (ids: Iterable<string>) => [...ids].sort().join(' ')

/** `forget` drops what was asked, when everything is cleared or another world is opened. */
export function question<A extends Partial<AsOf>>(asked: (world: string, signal: AbortSignal) => Promise<A> | null, forget: () => void = () => undefined) {
  const board = useBoard()
  const answer = shallowRef<A | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const busy = ref(false)
  let asking: AbortController | undefined
  /** Closures have come or gone since. */
  const stale = computed(() => answer.value?.closures !== undefined && board.board !== null && closureKey(answer.value.closures) !== closureKey(Object.keys(board.board.closures)))

  function clear(): void {
    asking?.abort()
    busy.value = false
    answer.value = problem.value = null
    forget()
  }
  /** Asks; a refusal takes the old answer away, a lost line leaves it. */
  async function ask(): Promise<void> {
    asking?.abort()
    const mine = (asking = new AbortController())
    const call = asked(board.world, mine.signal)
    busy.value = call !== null
    if (!call) return
    try {
      const found = await call
      if (mine.signal.aborted) return
      answer.value = found
      problem.value = null
    } catch (cause) {
      if (mine.signal.aborted) return
      problem.value = cause instanceof Problem ? cause : new Problem(0, String(cause), String(cause))
      if (problem.value.status) answer.value = null
    }
    busy.value = false
  }
  watch(() => board.world, clear)
  return { answer, problem, busy, stale, ask, clear }
}
