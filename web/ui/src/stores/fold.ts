/** The fold: a board and a patch make the next board. Pure, so that it can be tested and replayed. */
import type { Board, JournalEntry, Patch, TableName, Tables } from '@/api/types'

export const TABLES: readonly TableName[] = ['clock', 'transfers', 'shelters', 'marks', 'cyclones', 'screens', 'towns', 'alarms', 'callouts', 'shifts', 'headcounts', 'incidents', 'teams', 'dispatches', 'closures', 'gauges', 'suggestions', 'runs', 'warnings', 'hazards', 'tasks', 'responses', 'decisions']

export interface Change {
  table: TableName
  id: string
  isNew: boolean
}

/** Applies a patch in place; a patch that the board already holds changes nothing. Says what changed. */
export function applyPatch(board: Board, patch: Patch): Change[] {
  if (patch.seq <= board.seq) return []
  const changes: Change[] = []
  for (const table of TABLES) {
    const rows = board[table] as Record<string, unknown>
    for (const [id, row] of Object.entries(patch.put?.[table] ?? {})) {
      changes.push({ table, id, isNew: !(id in rows) })
      rows[id] = row
    }
    for (const id of patch.drop?.[table] ?? []) delete rows[id]
  }
  board.seq = patch.seq
  board.at = patch.at
  return changes
}

export function entryOf(patch: Patch): JournalEntry {
  const { seq, at, recorded_at, kind, actor, zh, en } = patch
  return { seq, at, recorded_at, kind, actor, zh, en }
}

/** Journal lines, newest first, each once, at most `limit`. */
export function mergeJournal(held: JournalEntry[], more: JournalEntry[], limit: number): JournalEntry[] {
  const bySeq = new Map([...held, ...more].map((entry) => [entry.seq, entry]))
  return [...bySeq.values()].sort((a, b) => b.seq - a.seq).slice(0, limit)
}

export function emptyTables(): Tables {
  return { clock: {}, transfers: {}, shelters: {}, marks: {}, cyclones: {}, screens: {}, towns: {}, alarms: {}, callouts: {}, shifts: {}, headcounts: {}, incidents: {}, teams: {}, dispatches: {}, closures: {}, gauges: {}, suggestions: {}, runs: {}, warnings: {}, hazards: {}, tasks: {}, responses: {}, decisions: {} }
}
