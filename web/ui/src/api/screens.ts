/** Screens on the wall over HTTP: who shows what on which, and what they show beside the board. */
import type { Geometry } from 'geojson'
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { Glance, Incident, Screen } from './types'

type Schemas = components['schemas']
export type ShowOrder = Schemas['ShowIn']
export type Pointer = NonNullable<ShowOrder['highlight']>

const at = (world: string) => ({ params: { path: { world } } })
const of = (world: string, name: string) => ({ params: { path: { world, name } } })

export const screens = {
  show: (world: string, name: string, body: ShowOrder) => answer<Screen>(client.POST('/api/worlds/{world}/screens/{name}/show', { ...of(world, name), body })),
  release: (world: string, name: string) => answer<Screen>(client.POST('/api/worlds/{world}/screens/{name}/release', of(world, name))),
  put: (world: string, name: string, body: Schemas['ScreenIn']) => answer<Screen>(client.PUT('/api/worlds/{world}/screens/{name}', { ...of(world, name), body })),
  sensitive: (world: string, incident_id: string, sensitive: boolean, reason: string) =>
    answer<Incident>(client.POST('/api/worlds/{world}/incidents/{incident_id}/sensitive', { params: { path: { world, incident_id } }, body: { sensitive, reason } })),
  glance: (world: string, moment?: string) => answer<Glance>(client.GET('/api/worlds/{world}/glance', { params: { path: { world }, query: { at: moment } } })),
  townShapes: (world: string) => answer<Record<string, Geometry>>(client.GET('/api/worlds/{world}/town-shapes', at(world))),
}
