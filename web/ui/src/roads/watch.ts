/** When closures change, ways and islands are asked for anew, once for all changes together; a new island is said aloud. */
import { computed, onBeforeUnmount, watch } from 'vue'
import type { Island } from '@/api/ways'
import { useWords } from '@/lib/words'
import { useBoard } from '@/stores/board'
import { useNotice } from '@/stores/notice'
import { islandWords } from './islandWords'
import { newIslands, useIslands } from './islands'
import { closureKey } from './question'
import { useRoute } from './route'

const LATER_MS = 600
const KEEP_MS = 60_000

export function useRoadWatch(): void {
  const board = useBoard()
  const notice = useNotice()
  const islands = useIslands()
  const route = useRoute()
  const { t, lang } = useWords()
  /** The islands that everybody here knows of; null until they have been asked for. */
  let known: Island[] | null = null
  let later: ReturnType<typeof setTimeout> | undefined
  const closed = computed(() => (board.board ? closureKey(Object.keys(board.board.closures)) : null))

  function follow(): void {
    void islands.ask()
    if (route.answer || route.problem) void route.ask()
  }
  watch(closed, (now, before) => {
    clearTimeout(later)
    // A board just opened: where nothing is closed, nothing is cut off, and there is nothing to ask.
    if (before === null || before === undefined) known = now === '' ? [] : null
    if (now || (now === '' && before)) later = setTimeout(follow, LATER_MS)
  }, { immediate: true })
  watch(() => islands.answer, (answer) => {
    if (!answer) return
    const fresh = known ? newIslands(known, answer.islands) : []
    known = answer.islands
    if (!fresh.length) return
    islands.drawn = true
    notice.say(t('roads.islands.news', { what: fresh.map((one) => islandWords(one, t, lang.value)).join(lang.value === 'en' ? '; ' : '；') }), 'news', KEEP_MS)
  })
  onBeforeUnmount(() => clearTimeout(later))
}
