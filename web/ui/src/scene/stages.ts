/** Which stages of a forest fire follow which (`command.fire.stages`). Pure. */
import type { FireStageName } from '@/api/scene'

const FOLLOWS: Record<FireStageName, FireStageName[]> = {
  burning: ['out'], out: ['mop_up', 'watch', 'burning'], mop_up: ['watch', 'burning'], watch: ['accepted', 'burning'], accepted: [],
}
/** What may come now; where nobody has said anything yet, also that nothing burnt. */
export const nextStages = (now: FireStageName | null): FireStageName[] => (now ? FOLLOWS[now] : ['out', 'accepted'])
