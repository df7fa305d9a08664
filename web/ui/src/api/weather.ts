/** Typhoon tracks and the rain field over HTTP. */
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { Corners } from '@/map/controller'

type Schemas = components['schemas']

export type Cyclone = Schemas['CycloneOut']
export type TrackPoint = Schemas['PointOut']
export type CycloneOrder = Schemas['CycloneIn']
export type RainField = Omit<Schemas['RainFieldOut'], 'corners'> & { corners: Corners }

const at = (world: string) => ({ params: { path: { world } } })

export const weather = {
  enter: (world: string, body: CycloneOrder) => answer<Cyclone>(client.POST('/api/worlds/{world}/cyclones', { ...at(world), body })),
  /** A file goes to the server as it is: CSV or JSON rows. */
  bring: (world: string, file: Blob) =>
    answer<Cyclone>(client.POST('/api/worlds/{world}/cyclones/file', { ...at(world), body: '' as never, bodySerializer: () => file, headers: { 'Content-Type': 'text/csv' } })),
  end: (world: string, cyclone_id: string, reason: string) =>
    answer<Cyclone>(client.POST('/api/worlds/{world}/cyclones/{cyclone_id}/end', { params: { path: { world, cyclone_id } }, body: { reason } })),
  field: (world: string, hours: number, at: string | undefined, signal: AbortSignal) =>
    answer<RainField>(client.GET('/api/worlds/{world}/rain/field', { params: { path: { world }, query: { hours, ...(at ? { at } : {}) } }, signal })),
}
