/** Registers over HTTP, under the page's names. */
import type { Geometry } from 'geojson'
import { answer, client } from './client'
import type { components, operations } from './schema.gen'

type Schemas = components['schemas']
export type Value = string | number | boolean | string[] | null
export type Values = Record<string, Value>
export type FieldDef = Schemas['FieldOut']
export type RegisterDef = Schemas['RegisterOut']
export type Row = Omit<Schemas['RowOut'], 'values' | 'geometry'> & { values: Values; geometry: Geometry | null }
export interface Page {
  total: number
  rows: Row[]
}
export interface RowPlace {
  id: string
  code: string
  name: string
  geometry: Geometry
}
export interface Places {
  total: number
  rows: RowPlace[]
}
export type Finding = Schemas['FindingOut']
export type Answers = Record<string, 'accept' | 'keep'>
export type FieldChange = Schemas['FieldChangeOut']
export type Change = Schemas['ChangeOut']
export type Bulk = Schemas['BulkOut']
export type Planned = Schemas['PlannedOut']
export type Step = Schemas['ChainStepOut']
export type Chain = Schemas['ChainOut']
export type GapList = Schemas['GapListOut']
export type Gaps = Schemas['GapsOut']
export type Query = NonNullable<operations['listing_api_registers__key__get']['parameters']['query']>
export type BulkFilter = Schemas['FilterIn']

const of = (key: string) => ({ params: { path: { key } } })
const row = (key: string, row_id: string) => ({ params: { path: { key, row_id } } })
const signalled = (signal?: AbortSignal) => (signal ? { signal } : {})
const shape = (geometry: Geometry | null) => geometry as Schemas['RowIn']['geometry']
/** What the schema calls a value: JSON numbers are one kind there. */
const sent = (values: Values) => values as Schemas['CheckIn']['values']

export const registers = {
  all: () => answer<RegisterDef[]>(client.GET('/api/registers')),
  list: (key: string, query: Query, signal?: AbortSignal) =>
    answer<Page>(client.GET('/api/registers/{key}', { params: { path: { key }, query }, ...signalled(signal) })),
  places: (key: string, query: Query, signal?: AbortSignal) =>
    answer<Places>(client.GET('/api/registers/{key}/places', { params: { path: { key }, query: { ...query, limit: 2000 } }, ...signalled(signal) })),
  get: (key: string, id: string) => answer<Row>(client.GET('/api/registers/{key}/{row_id}', row(key, id))),
  history: (key: string, id: string) => answer<Change[]>(client.GET('/api/registers/{key}/{row_id}/history', row(key, id))),
  check: (key: string, values: Values, geometry: Geometry | null, answers: Answers, signal?: AbortSignal) =>
    answer<Finding[]>(client.POST('/api/registers/{key}/check', { ...of(key), body: { values: sent(values), geometry: shape(geometry), answers }, ...signalled(signal) })),
  create: (key: string, values: Values, geometry: Geometry | null, answers: Answers, reason: string) =>
    answer<Row>(client.POST('/api/registers/{key}', { ...of(key), body: { values: sent(values), geometry: shape(geometry), answers, reason } })),
  change: (key: string, id: string, version: number, values: Values, geometry: Geometry | null | undefined, answers: Answers, reason: string) =>
    answer<Row>(
      client.PUT('/api/registers/{key}/{row_id}', {
        ...row(key, id),
        body: { version, values: sent(values), geometry: shape(geometry ?? null), keep_geometry: geometry === undefined, answers, reason },
      }),
    ),
  close: (key: string, id: string, version: number, reason: string) =>
    answer<Row>(client.POST('/api/registers/{key}/{row_id}/close', { ...row(key, id), body: { version, reason } })),
  reopen: (key: string, id: string, version: number, reason: string) =>
    answer<Row>(client.POST('/api/registers/{key}/{row_id}/reopen', { ...row(key, id), body: { version, reason } })),
  identity: (key: string, id: string) => answer<Record<string, string>>(client.POST('/api/registers/{key}/{row_id}/identity', row(key, id))),
  bulkPreview: (key: string, filter: BulkFilter, values: Values) =>
    answer<Bulk>(client.POST('/api/registers/{key}/bulk/preview', { ...of(key), body: { filter, values: sent(values) } })),
  bulk: (key: string, filter: BulkFilter, values: Values, seen: string, reason: string) =>
    answer<{ changed: number }>(client.POST('/api/registers/{key}/bulk', { ...of(key), body: { filter, values: sent(values), seen, reason } })),
  chain: (register: string, code: string) => answer<Chain>(client.GET('/api/responsibility/chain', { params: { query: { register, code } } })),
  gaps: () => answer<GapList>(client.GET('/api/responsibility/gaps')),
}
