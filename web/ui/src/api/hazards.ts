/** Gauges, zones and villages, warnings over HTTP. */
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { GaugeNow, Hazard, Warning } from './types'

type Schemas = components['schemas']

export type Series = Schemas['SeriesOut']
export type AreasRain = Schemas['AreasRainOut']
export type HazardDetail = Schemas['HazardDetailOut']
export type RainSum = Schemas['RainSumOut']
export type PatrolColour = Schemas['PatrolIn']['colour']
export type WarningOrder = Schemas['WarningIn']
export type Received = Schemas['ReceivedOut']

const at = (world: string) => ({ params: { path: { world } } })
const CAP = 'application/cap+xml'

export const hazards = {
  /** `moment`: as they stood then; none: now. */
  gauges: (world: string, moment?: string) => answer<GaugeNow[]>(client.GET('/api/worlds/{world}/gauges', { params: { path: { world }, query: { at: moment } } })),
  series: (world: string, code: string, hours: number, step: number) =>
    answer<Series>(client.GET('/api/worlds/{world}/gauges/{code}/series', { params: { path: { world, code }, query: { hours, step } } })),
  rainByTown: (world: string, moment?: string) => answer<AreasRain>(client.GET('/api/worlds/{world}/rain/areas', { params: { path: { world }, query: { by: 'town', at: moment } } })),
  one: (world: string, register: Hazard['register'], code: string) =>
    answer<HazardDetail>(client.GET('/api/worlds/{world}/hazards/{register}/{code}', { params: { path: { world, register, code } } })),
  patrol: (world: string, register: Hazard['register'], code: string, finding: string, colour: PatrolColour) =>
    answer<HazardDetail>(client.POST('/api/worlds/{world}/hazards/{register}/{code}/patrol', { params: { path: { world, register, code } }, body: { finding, colour } })),
  enter: (world: string, body: WarningOrder) => answer<Warning>(client.POST('/api/worlds/{world}/warnings', { ...at(world), body })),
  /** A message goes to the server byte by byte as it is. */
  receive: (world: string, file: Blob) =>
    answer<Received>(client.POST('/api/worlds/{world}/warnings/cap', { ...at(world), body: '', bodySerializer: () => file, headers: { 'Content-Type': CAP } })),
  lift: (world: string, warning_id: string, reason: string) =>
    answer<Warning>(client.POST('/api/worlds/{world}/warnings/{warning_id}/lift', { params: { path: { world, warning_id } }, body: { reason } })),
  capAddress: (world: string, id: string) => `/api/worlds/${encodeURIComponent(world)}/warnings/${id}.cap`,
}
