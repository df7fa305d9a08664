/** What of a board a screen shows: nothing of sensitive incidents, or those without their title, place and note. Pure. */
import type { Board, Dispatch, Incident, Mark, Screen, Task, Team } from '@/api/types'

/** How a screen treats sensitive incidents; null: it is an operator's own wall and shows everything. */
export type Rule = Screen['sensitive'] | null
export interface Seen {
  incidents: Incident[]
  dispatches: Dispatch[]
  teams: Team[]
  marks: Mark[]
  tasks: Task[]
}

export function seen(board: Board | null, rule: Rule, word: string): Seen {
  const rows = <R>(table: Record<string, R> | undefined): R[] => Object.values(table ?? {})
  const all = {
    incidents: rows(board?.incidents), dispatches: rows(board?.dispatches), teams: rows(board?.teams), marks: rows(board?.marks), tasks: rows(board?.tasks),
  }
  const kept = new Set(all.incidents.filter((one) => one.sensitive).map((one) => one.id))
  all.incidents.sort((a, b) => Date.parse(b.reported_at) - Date.parse(a.reported_at))
  if (rule === null || !kept.size) return all
  const open = (id: string | null) => id === null || !kept.has(id)
  const dimmed = (one: Incident) => (one.sensitive ? { ...one, title: word, place: '', note: '' } : one)
  const there = new Set(all.dispatches.filter((one) => !open(one.incident_id)).map((one) => one.team_id))
  return {
    incidents: rule === 'dim' ? all.incidents.map(dimmed) : all.incidents.filter((one) => open(one.id)),
    dispatches: rule === 'dim' ? all.dispatches : all.dispatches.filter((one) => open(one.incident_id)),
    teams: rule === 'dim' ? all.teams : all.teams.filter((one) => !there.has(one.id)),
    marks: all.marks.filter((one) => open(one.incident_id)),
    tasks: all.tasks.filter((one) => open(one.incident_id)),
  }
}
