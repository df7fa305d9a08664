/** Replay (回放): the whole wall as it was at any moment of the journal, standing still or running. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { answer, client, Problem } from '@/api/client'
import type { Patch, Tables } from '@/api/types'
import { useBoard } from '@/stores/board'
import { emptyTables } from '@/stores/fold'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'

export const SPEEDS = [1, 5, 10, 30, 60] as const
const TICK_MS = 200
const PAGE = 500

interface Past {
  seq: number
  at: string
  hash: string
  collections: Partial<Tables>
}
interface Span {
  begins: string | null
  ends: string | null
  steps: number[]
}

export const useReplay = defineStore('replay', () => {
  const board = useBoard()
  const session = useSession()
  const work = useWork()
  const span = ref<Span | null>(null)
  const at = ref(0)
  const speed = ref<(typeof SPEEDS)[number]>(10)
  const playing = ref(false)
  const hash = ref('')
  const problem = ref<Problem | null>(null)
  const open = computed(() => span.value !== null)
  const begins = computed(() => Date.parse(span.value?.begins ?? ''))
  /** A moment here is in whole milliseconds, the journal's last entry is not: the end lies just behind it. */
  const ends = computed(() => Date.parse(span.value?.ends ?? '') + 1)
  let ahead: Patch[] = []
  let stepping = false
  let turn = 0
  let timer: ReturnType<typeof setInterval> | undefined

  async function asked<R>(call: Promise<R>): Promise<R | null> {
    try {
      const got = await call
      problem.value = null
      return got
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      problem.value = cause
      return null
    }
  }
  async function enter(): Promise<void> {
    const path = { world: board.world }
    const found = await asked(answer<Span>(client.GET('/api/worlds/{world}/replay/span', { params: { path, query: { steps: 240 } } })))
    if (!found?.begins || !found.ends) return
    work.close()
    session.looking = true
    span.value = found
    await seek(ends.value)
  }
  /** Shows the board of a moment; the newest of several wishes wins. */
  async function seek(ms: number): Promise<void> {
    const mine = ++turn
    at.value = Math.min(Math.max(ms, begins.value), ends.value)
    const query = { at: new Date(at.value).toISOString() }
    const found = await asked(answer<Past>(client.GET('/api/worlds/{world}/replay', { params: { path: { world: board.world }, query } })))
    if (!found || mine !== turn || !open.value) return
    ahead = []
    hash.value = found.hash
    board.showPast(found.seq, found.at, { ...emptyTables(), ...found.collections })
    board.pastAt = at.value
  }
  async function more(): Promise<void> {
    const mine = turn
    const after = ahead.at(-1)?.seq ?? board.board?.seq ?? 0
    const query = { after, limit: PAGE }
    const found = await asked(answer<Patch[]>(client.GET('/api/worlds/{world}/replay/patches', { params: { path: { world: board.world }, query } })))
    if (found && mine === turn) ahead.push(...found)
  }
  async function tick(): Promise<void> {
    if (stepping) return
    stepping = true
    if (!ahead.length && board.board && Date.parse(board.board.at) < ends.value) await more()
    stepping = false
    if (!open.value || !playing.value) return
    const until = Math.min(at.value + TICK_MS * speed.value, ends.value)
    while (ahead[0] && Date.parse(ahead[0].at) <= until) {
      board.stepPast(ahead.shift() as Patch)
      hash.value = ''
    }
    at.value = board.pastAt = until
    if (until >= ends.value) playing.value = false
  }
  function leave(): void {
    turn += 1
    playing.value = false
    span.value = null
    ahead = []
    session.looking = false
    board.leavePast()
  }
  watch(playing, (yes) => {
    clearInterval(timer)
    if (!yes) return
    if (at.value >= ends.value) void seek(begins.value)
    timer = setInterval(() => void tick(), TICK_MS)
  })
  watch(() => board.world, () => open.value && leave())

  return { open, span, begins, ends, at, speed, playing, hash, problem, enter, seek, leave }
})
