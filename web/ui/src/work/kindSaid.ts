/** The kind of incident that a caller's words name, for the form to offer; the person at the desk may choose another. */
import type { IncidentKind } from '@/api/types'

const SAID: [IncidentKind, RegExp][] = [
  ['forest_fire', /山火|林火|森林.*火|火.*(上山|山林|茶园)|forest fire|wildfire/i],
  ['geohazard', /滑坡|塌方|崩塌|泥石流|落石|地面塌陷|landslide|rockfall/i],
  ['city_fire', /火灾|着火|起火|失火|冒烟|爆炸|\bfire\b/i],
  ['flood', /积水|内涝|被淹|进水|倒灌|漫堤|洪水|山洪|flood/i],
]

export function kindSaid(words: string): IncidentKind | '' {
  return SAID.find(([, said]) => said.test(words))?.[0] ?? ''
}
