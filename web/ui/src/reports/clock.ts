/** The report clock (报送时限): from when a post first knew to when a report is due; it turns at half, at 80 %, beyond all of it. */
import type { Incident } from '@/api/types'

export type ClockState = 'running' | 'half' | 'near' | 'late' | 'met' | 'met_late'
export interface ReportClock {
  name: 'first' | 'written' | 'daily'
  state: ClockState
  /** Of the limit, used. */
  share: number
  /** Seconds left; less than none when late. */
  leftS: number
  dueAt: string
  sentAt: string | null
}
type Timed = Pick<Incident, 'known_at' | 'first_due_at' | 'first_sent_at' | 'written_due_at' | 'written_sent_at'>

export function clocksOf(row: Timed, now: number): ReportClock[] {
  return (['first', 'written'] as const).map((name) => {
    const dueAt = row[`${name}_due_at`]
    const sentAt = row[`${name}_sent_at`]
    const known = Date.parse(row.known_at)
    const whole = Date.parse(dueAt) - known
    const at = sentAt ? Date.parse(sentAt) : now
    const share = whole ? (at - known) / whole : 2
    const late = share > 1
    const state = sentAt ? (late ? 'met_late' : 'met') : late ? 'late' : share >= 0.8 ? 'near' : share >= 0.5 ? 'half' : 'running'
    return { name, state, share, leftS: (Date.parse(dueAt) - at) / 1000, dueAt, sentAt }
  })
}
/** Is the next report late, sent at this moment by this channel? The first one counts by any channel, then the first in writing. */
export function isLate(row: Timed, channel: 'phone' | 'written', now: number): boolean {
  if (!row.first_sent_at) return now > Date.parse(row.first_due_at)
  return channel === 'written' && !row.written_sent_at && now > Date.parse(row.written_due_at)
}
