/** The board of one world, kept current by the stream. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { api, Problem } from '@/api/client'
import type { Board, CallOut, Decision, Response, Tables, Task, Transfer, Gauge, Hazard, Run, Suggestion, Warning, Dispatch, DispatchState, Incident, JournalEntry, Patch, Team, TeamState } from '@/api/types'
import { realNow, setServerTime, useRealNow, worldTime } from '@/live/clock'
import { openStream, type Stream } from '@/live/stream'
import { LIVE } from '@/router'
import { freshness, motion } from '@/style/tokens'
import { applyPatch, entryOf, mergeJournal, type Change } from './fold'
import { useGauges } from './gauges'
import { useRegisters } from './registers'

export type Freshness = 'fresh' | 'stale' | 'offline'
const JOURNAL_KEPT = 120

export const useBoard = defineStore('board', () => {
  const world = ref('')
  const board = ref<Board | null>(null)
  const journal = ref<JournalEntry[]>([])
  const problem = ref<Problem | null>(null)
  const journalProblem = ref<Problem | null>(null)
  const heardAt = ref(0)
  const fresh = ref(new Set<string>())
  /** Grows with every change, for those who redraw. */
  const version = ref(0)
  const now = useRealNow()
  const registers = useRegisters()
  const readings = useGauges()
  let stream: Stream | null = null
  let turn = 0
  let behind = 0
  let missing = false
  /** Grows whenever the server is heard again after it was lost: what could not be asked is asked anew. */
  const returns = ref(0)
  const offline = computed(() => board.value !== null && state.value === 'offline')
  /** The moment that is shown instead of the present; the present goes on beside it. */
  const pastAt = ref(0)
  /** The same as the server is asked for it; undefined: now. */
  const moment = computed(() => (pastAt.value ? new Date(pastAt.value).toISOString() : undefined))
  watch(moment, (at) => readings.look(at), { flush: 'sync' })
  let present: Board | null = null

  const ageS = computed(() => (heardAt.value ? Math.max(0, (now.value - heardAt.value) / 1000) : Infinity))
  const state = computed<Freshness>(() =>
    ageS.value >= freshness.offlineS ? 'offline' : ageS.value >= freshness.staleS ? 'stale' : 'fresh',
  )
  const clock = computed(() => (board.value ? (Object.values(board.value.clock ?? {})[0] ?? board.value.world.clock) : null))
  const worldNow = computed(() => pastAt.value || (clock.value ? worldTime(clock.value, now.value) : now.value))
  const isDrill = computed(() => (board.value ? board.value.world.kind === 'drill' : world.value !== '' && world.value !== LIVE))
  const incidents = computed<Incident[]>(() =>
    Object.values(board.value?.incidents ?? {}).sort((a, b) => Date.parse(b.reported_at) - Date.parse(a.reported_at)),
  )
  const teams = computed<Team[]>(() => Object.values(board.value?.teams ?? {}))
  const closures = computed(() =>
    Object.values(board.value?.closures ?? {}).sort((a, b) => Date.parse(b.set_at) - Date.parse(a.set_at)),
  )
  /** Deepest first. */
  const suggestions = computed<Suggestion[]>(() => Object.values(board.value?.suggestions ?? {}).sort((a, b) => b.depth_m - a.depth_m))
  const gauges = computed<Gauge[]>(() => Object.values(board.value?.gauges ?? {}))
  /** In force, the highest first, official ones before our own prompts. */
  const warnings = computed<Warning[]>(() =>
    Object.values(board.value?.warnings ?? {}).sort((a, b) => Number(b.official) - Number(a.official) || a.level - b.level || Date.parse(b.issued_at) - Date.parse(a.issued_at)),
  )
  const hazards = computed<Hazard[]>(() => Object.values(board.value?.hazards ?? {}))
  const runs = computed<Run[]>(() => Object.values(board.value?.runs ?? {}).sort((a, b) => Date.parse(b.asked_at) - Date.parse(a.asked_at)))
  const responses = computed<Response[]>(() => Object.values(board.value?.responses ?? {}))
  /** What waits for somebody to decide, the oldest first. */
  const decisions = computed<Decision[]>(() => Object.values(board.value?.decisions ?? {}).sort((a, b) => Date.parse(a.proposed_at) - Date.parse(b.proposed_at)))
  const tasks = computed<Task[]>(() => Object.values(board.value?.tasks ?? {}))
  const callouts = computed<CallOut[]>(() => Object.values(board.value?.callouts ?? {}))
  const transfers = computed<Transfer[]>(() => Object.values(board.value?.transfers ?? {}))
  const dispatches = computed<Dispatch[]>(() => Object.values(board.value?.dispatches ?? {}))
  const teamCounts = computed(() => {
    const counts: Partial<Record<TeamState, number>> = {}
    for (const team of teams.value) counts[team.state] = (counts[team.state] ?? 0) + 1
    return counts
  })
  const dispatchesOf = (incident: string) =>
    dispatches.value
      .filter((d) => d.incident_id === incident)
      .sort((a, b) => Date.parse(a.ordered_at) - Date.parse(b.ordered_at))

  const listeners = new Set<(patch: Patch) => void>()
  /** Tells of every patch as it comes; gives back how to stop. */
  function onEach(act: (patch: Patch) => void): () => void {
    listeners.add(act)
    return () => listeners.delete(act)
  }
  function heard(): void {
    heardAt.value = realNow()
  }
  function mark(changes: Change[]): void {
    for (const { id } of changes) {
      fresh.value.add(id)
      setTimeout(() => fresh.value.delete(id), motion.pulseMs)
    }
  }
  function onPatch(patch: Patch): void {
    if (present) {
      applyPatch(present, patch)
      return
    }
    if (!board.value) return
    shown(board.value, patch)
    for (const act of listeners) act(patch)
  }
  function shown(on: Board, patch: Patch): void {
    const changes = applyPatch(on, patch)
    journal.value = mergeJournal(journal.value, [entryOf(patch)], JOURNAL_KEPT)
    mark(changes)
    version.value += 1
  }
  async function load(mine: number): Promise<void> {
    const got = await api.board(world.value)
    if (mine !== turn) return
    if (present) present = got
    else board.value = got
    setServerTime(got.real_at)
    heard()
    problem.value = null
    version.value += 1
    try {
      const lines = await api.journal(world.value, Math.max(0, got.seq - JOURNAL_KEPT), JOURNAL_KEPT)
      if (mine === turn) journal.value = mergeJournal(journal.value, lines, JOURNAL_KEPT)
      journalProblem.value = null
    } catch (cause) {
      if (cause instanceof Problem) journalProblem.value = cause
    }
  }
  async function reload(): Promise<void> {
    await load(turn).catch((cause: unknown) => {
      if (cause instanceof Problem) problem.value = cause
    })
  }
  async function open(name: string): Promise<void> {
    close()
    const mine = ++turn
    world.value = name
    try {
      await load(mine)
    } catch (cause) {
      if (mine !== turn) return
      problem.value = cause instanceof Problem ? cause : new Problem(0, '看板打不开', 'The board does not open')
      if (problem.value.status !== 401 && problem.value.status !== 404) setTimeout(() => mine === turn && void open(name), 5000)
      return
    }
    if (mine !== turn) return
    void readings.open(name)
    stream = openStream(() => api.streamAddress(name, board.value?.seq ?? 0), {
      patch: onPatch,
      layers: (versions) => (registers.versions = versions),
      readings: (frame) => readings.take(frame),
      reset: () => void reload(),
      heard,
      opened: () => {
        if (missing) {
          returns.value += 1
          void readings.load()
        }
        missing = false
      },
      lost: () => (missing = true),
      beat: ({ real_at, seq }) => {
        setServerTime(real_at)
        heard()
        const held = present ?? board.value
        behind = held && seq > held.seq ? behind + 1 : 0
        if (behind >= 2) void reload()
      },
    })
  }
  function close(): void {
    turn += 1
    readings.close()
    stream?.close()
    stream = null
    board.value = present = null
    pastAt.value = 0
    journal.value = []
    problem.value = null
    heardAt.value = 0
    behind = 0
  }
  /** Shows a board of the past; the journal's lines up to it come with it. */
  function showPast(seq: number, at: string, tables: Tables): void {
    present ??= board.value
    if (!present) return
    board.value = { ...present, ...tables, seq, at }
    fresh.value.clear()
    version.value += 1
    const mine = turn
    void api.journal(world.value, Math.max(0, seq - JOURNAL_KEPT), JOURNAL_KEPT).then((lines) => {
      if (mine === turn && pastAt.value) journal.value = mergeJournal([], lines.filter((line) => line.seq <= seq), JOURNAL_KEPT)
    }, () => undefined)
  }
  function stepPast(patch: Patch): void {
    if (present && board.value) shown(board.value, patch)
  }
  function leavePast(): void {
    if (present) board.value = present
    present = null
    pastAt.value = 0
    journal.value = []
    fresh.value.clear()
    version.value += 1
    void reload()
  }
  /** Takes an answer to one's own command at once; the patch that follows confirms it. */
  function take(table: 'incidents' | 'teams' | 'dispatches' | 'closures' | 'runs' | 'warnings', row: { id: string }): void {
    if (!board.value) return
    ;(board.value[table] as Record<string, unknown>)[row.id] = row
    mark([{ table, id: row.id, isNew: true }])
    version.value += 1
  }
  function dropRow(table: 'incidents' | 'closures' | 'dispatches' | 'suggestions' | 'warnings', id: string): void {
    if (board.value) delete board.value[table][id]
    version.value += 1
  }

  return {
    world, board, clock, journal, problem, journalProblem, fresh, version, ageS, state, offline, returns, worldNow, isDrill, now,
    incidents, teams, closures, suggestions, gauges, warnings, hazards, runs, responses, decisions, tasks, callouts, transfers, dispatches, teamCounts, dispatchesOf, pastAt, moment, showPast, stepPast, leavePast, open, close, reload, onPatch, onEach, take, dropRow,
  }
})

/** The next step of a dispatch, or null at its end. */
export function nextStep(state: DispatchState): DispatchState | null {
  const order: DispatchState[] = ['ordered', 'acknowledged', 'departed', 'arrived', 'working', 'released']
  return order[order.indexOf(state) + 1] ?? null
}
