/** What on the board somebody must notice (报警): found by every screen in the same way. Pure. */
import type { Board } from '@/api/types'
import type { Work } from '@/stores/work'

export const ALARM_KINDS = ['incident', 'warning', 'hazard', 'task', 'callout', 'route', 'headcount', 'gauge'] as const
export type AlarmKind = (typeof ALARM_KINDS)[number]
export interface Alarm {
  kind: AlarmKind
  id: string
  /** Tells this alarm of the object from its next one. */
  episode: string
  zh: string
  en: string
  at: string | null
  opens: Work
}
type Held = Pick<Board, 'incidents' | 'warnings' | 'hazards' | 'tasks' | 'callouts' | 'dispatches' | 'headcounts' | 'gauges' | 'teams' | 'alarms'>

const values = <R,>(rows: Record<string, R> | undefined): R[] => Object.values(rows ?? {})
const one = (kind: AlarmKind, id: string, episode: string | number, words: [string, string?], at: string | null, opens: Work): Alarm => ({ kind, id, episode: String(episode), zh: words[0], en: words[1] ?? words[0], at, opens })

/** All alarms that stand, the newest first. */
export function alarmsOf(board: Held): Alarm[] {
  const team = (id: string) => board.teams[id]?.name ?? '–'
  return [
    ...values(board.incidents).filter((row) => row.grade === 'major' || row.grade === 'extraordinary').map((row) => one('incident', row.id, row.grade ?? '', [row.sensitive ? row.no : row.title], row.reported_at, { kind: 'incident', id: row.id })),
    ...values(board.warnings).filter((row) => row.official && row.level <= 2).map((row) => one('warning', row.id, row.level, [`${row.kind_zh}${row.colour_zh}`, `${row.kind_en} ${row.colour_en}`], row.issued_at, { kind: 'warning', id: row.id })),
    ...values(board.hazards).filter((row) => row.alarm === 'immediate').map((row) => one('hazard', row.id, row.since ?? '', [row.name], row.since, { kind: 'hazard', id: row.id })),
    ...values(board.tasks).filter((row) => row.overdue_at).map((row) => one('task', row.id, row.overdue_at ?? '', [`${row.organization} ${row.text_zh}`, `${row.organization} ${row.text_en}`], row.overdue_at, { kind: 'tasks' })),
    ...values(board.callouts).filter((row) => row.overdue).map((row) => one('callout', row.id, row.overdue, [`${row.no} ${row.title}`], null, { kind: 'callouts' })),
    ...values(board.dispatches).filter((row) => !row.route_valid).map((row) => one('route', row.id, row.network_version, [team(row.team_id)], null, { kind: 'incident', id: row.incident_id })),
    ...values(board.headcounts).filter((row) => row.alarm).map((row) => one('headcount', row.id, row.alarm_at ?? '', [team(row.team_id)], row.alarm_at, { kind: 'duty' })),
    ...values(board.gauges).filter((row) => row.state === 'silent').map((row) => one('gauge', row.id, row.since ?? '', [row.name], row.since, { kind: 'gauge', id: row.id })),
  ].sort((a, b) => Date.parse(b.at ?? '') - Date.parse(a.at ?? '') || 0)
}

/** Those of the kinds chosen of which nobody has taken note. */
export function unanswered(board: Held, chosen: readonly AlarmKind[]): Alarm[] {
  return alarmsOf(board).filter((alarm) => chosen.includes(alarm.kind) && board.alarms?.[`${alarm.kind}:${alarm.id}`]?.episode !== alarm.episode)
}
