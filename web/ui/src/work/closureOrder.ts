/** The close-road form as the server takes it, or the key of what is amiss. */
import type { ClosureOrder } from '@/api/types'
import { EVERYBODY, figure } from '@/lib/limits'
import type { RoadDraft } from '@/stores/work'

const MOST_CM = 1000
const MOST_TIMES = 100

export function closureOrder(draft: RoadDraft): ClosureOrder | 'closure.pick' | 'closure.need' | 'limit.need' | 'limit.wrongDepth' | 'limit.wrongSlower' {
  const { lon, lat, roadId: road_id } = draft
  const reason = draft.reason.trim()
  if (lon === null || lat === null) return 'closure.pick'
  if (!reason) return 'closure.need'
  if (draft.scope === 'all') return { lon, lat, road_id, reason, closed_for: [EVERYBODY], slower: 1 }
  const depth_cm = draft.depth.trim() ? figure(draft.depth, 1, MOST_CM) : null
  const slower = draft.slower.trim() ? figure(draft.slower, 1, MOST_TIMES) : 1
  if (draft.depth.trim() && depth_cm === null) return 'limit.wrongDepth'
  if (slower === null) return 'limit.wrongSlower'
  if (!draft.kinds.length && depth_cm === null && slower === 1) return 'limit.need'
  return { lon, lat, road_id, reason, closed_for: [...draft.kinds], slower, depth_cm }
}
