/** What stands first: what nobody has been sent to, then the graver, then the newer. */
import type { Dispatch, Incident, Team } from '@/api/types'

const GRADE = { general: 1, larger: 2, major: 3, extraordinary: 4 }
const STATE: Record<Team['state'], number> = {
  en_route: 0, mustering: 1, on_scene: 2, working: 3, standby: 4, resting: 5, unavailable: 6,
}

export function inOrder(incidents: Incident[], dispatches: Dispatch[]): Incident[] {
  const served = new Set(dispatches.map((row) => row.incident_id))
  const key = (row: Incident) => [served.has(row.id) ? 1 : 0, -(row.grade ? GRADE[row.grade] : 0), -Date.parse(row.reported_at)]
  return [...incidents].sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    return x[0]! - y[0]! || x[1]! - y[1]! || x[2]! - y[2]!
  })
}

export function teamsInOrder(teams: Team[]): Team[] {
  return [...teams].sort((a, b) => STATE[a.state] - STATE[b.state] || a.code.localeCompare(b.code))
}
