/** Shelters, supplies and the steps of persons over HTTP. Each act has a number of its own, so that sending twice does it once. */
import { uuid } from '@/lib/uuid'
import { answer, client } from './client'
import type { components } from './schema.gen'
import type { ShelterNow } from './types'

type Schemas = components['schemas']
export type Household = Schemas['HouseholdOut']
export type Ride = Schemas['RideOut']
export type Registered = Schemas['RegisteredInOut']
export type Inside = Schemas['InsideOut']
export type Stock = Schemas['StockOut']
export type PersonStep = Schemas['TransferStepIn']['to']
export type Leaves = NonNullable<Schemas['RegistrationIn']['to']>
export type Registration = Partial<Pick<Schemas['RegistrationIn'], 'code' | 'unlisted' | 'needs' | 'kits' | 'to' | 'evidence'>>

const of = <P extends object>(world: string, more: P) => ({ params: { path: { world, ...more } } })

export const transfer = {
  households: (world: string, order_id: string) => answer<Household[]>(client.GET('/api/worlds/{world}/transfers/{order_id}/households', of(world, { order_id }))),
  vehicles: (world: string, order_id: string) => answer<Ride[]>(client.GET('/api/worlds/{world}/transfers/{order_id}/vehicles', of(world, { order_id }))),
  step: (world: string, order_id: string, to: PersonStep, who: { households?: string[]; persons?: string[] }, note = '', shelter_code: string | null = null) =>
    answer<Schemas['TransferStepOut']>(
      client.POST('/api/worlds/{world}/transfers/{order_id}/steps', {
        ...of(world, { order_id }),
        body: { key: uuid(), to, households: [], persons: [], evidence: 'manual', note, ...who, ...(to === 'arrived' ? { destination: shelter_code ? 'shelter' : 'other', shelter_code } : {}) },
      }),
    ),
  cancel: (world: string, order_id: string, reason: string) => answer<unknown>(client.POST('/api/worlds/{world}/transfers/{order_id}/cancel', { ...of(world, { order_id }), body: { reason } })),
  setShelter: (world: string, code: string, state: Schemas['ShelterStateIn']['state'], reason: string, kit_stock: string | null) =>
    answer<ShelterNow>(client.POST('/api/worlds/{world}/shelters/{code}/state', { ...of(world, { code }), body: { state, reason, kit_stock } })),
  register: (world: string, code: string, said: Registration) =>
    answer<Registered>(
      client.POST('/api/worlds/{world}/shelters/{code}/registrations', {
        ...of(world, { code }),
        body: { key: uuid(), code: '', persons: [], unlisted: 0, needs: '', kits: false, evidence: 'manual', ...said, direction: said.to ? 'out' : 'in' },
      }),
    ),
  inside: (world: string, code: string) => answer<Inside[]>(client.GET('/api/worlds/{world}/shelters/{code}/registrations', of(world, { code }))),
  stocks: (world: string) => answer<Stock[]>(client.GET('/api/worlds/{world}/stocks', { params: { path: { world } } })),
  move: (world: string, code: string, quantity: number, reason: string) =>
    answer<Schemas['StockLeftOut']>(client.POST('/api/worlds/{world}/stocks/{code}/moves', { ...of(world, { code }), body: { key: uuid(), quantity, reason } })),
}
