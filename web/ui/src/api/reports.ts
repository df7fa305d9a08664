/** Reports up the line, grades, documents and the journal over HTTP. */
import { answer, client } from './client'
import type { components } from './schema.gen'

type Schemas = components['schemas']
export type Chain = Schemas['ReportChainOut']
export type SentReport = Schemas['EventReportOut']
export type Said = Schemas['SaidOut']
export type Sending = Schemas['SendIn']
export type Estimate = Schemas['EstimateOut']
export type Document = Schemas['DocumentOut']
export type Source = Schemas['DocumentSourceOut']
export type Paragraph = Schemas['ParagraphOut']
export type Timeline = Schemas['TimelineOut']
export type Verdict = Schemas['VerdictOut']
export type Figures = Pick<Said, 'dead' | 'missing' | 'injured' | 'serious' | 'loss_yuan' | 'forest_ha'>

const of = <P extends object>(world: string, more: P) => ({ params: { path: { world, ...more } } })
const base = (world: string) => `/api/worlds/${encodeURIComponent(world)}`

export interface Wanted {
  q: string
  kind: string
  post: string
  incident: string
}

export const reports = {
  chain: (world: string, incident_id: string) => answer<Chain>(client.GET('/api/worlds/{world}/incidents/{incident_id}/reports', of(world, { incident_id }))),
  write: (world: string, incident_id: string, body: Said & { final: boolean; over: string }) =>
    answer<Chain>(client.POST('/api/worlds/{world}/incidents/{incident_id}/reports/draft', { ...of(world, { incident_id }), body })),
  send: (world: string, incident_id: string, body: Sending) =>
    answer<SentReport>(client.POST('/api/worlds/{world}/incidents/{incident_id}/reports/send', { ...of(world, { incident_id }), body })),
  grades: (world: string, incident_id: string) => answer<Estimate[]>(client.GET('/api/worlds/{world}/incidents/{incident_id}/grade', of(world, { incident_id }))),
  grade: (world: string, incident_id: string, body: Figures) =>
    answer<Estimate>(client.POST('/api/worlds/{world}/incidents/{incident_id}/grade', { ...of(world, { incident_id }), body })),
}

export type Statistics = Schemas['StatisticsOut']
export const statistics = {
  all: (world: string, since: string, until: string) => answer<Statistics>(client.GET('/api/worlds/{world}/statistics/incidents', { params: { path: { world }, query: { since, until } } })),
  cause: (world: string, incident_id: string, cause: string | null) => answer<unknown>(client.POST('/api/worlds/{world}/incidents/{incident_id}/cause', { ...of(world, { incident_id }), body: { cause } })),
  address: (world: string, kind: 'csv' | 'xlsx', since: string, until: string) => `${base(world)}/statistics/incidents.${kind}?${new URLSearchParams({ since, until })}`,
}
export type Daily = Schemas['DailyOut']

export const documents = {
  daily: (world: string) => answer<Daily | null>(client.GET('/api/worlds/{world}/documents/daily', { params: { path: { world } } })),
  all: (world: string) => answer<Document[]>(client.GET('/api/worlds/{world}/documents', { params: { path: { world }, query: { limit: 100 } } })),
  draft: (world: string, kind: 'situation' | 'flash' | 'daily', incident_id: string | null = null) =>
    answer<Document>(client.POST('/api/worlds/{world}/documents', { params: { path: { world } }, body: { kind, incident_id, decision_id: null } })),
  notice: (world: string, decision_id: string) =>
    answer<Document>(client.POST('/api/worlds/{world}/documents', { params: { path: { world } }, body: { kind: 'notice', incident_id: null, decision_id } })),
  one: (world: string, document_id: string) => answer<Document>(client.GET('/api/worlds/{world}/documents/{document_id}', of(world, { document_id }))),
  edit: (world: string, document_id: string, title: string, paragraphs: Paragraph[], over: string) =>
    answer<Document>(client.POST('/api/worlds/{world}/documents/{document_id}', { ...of(world, { document_id }), body: { title, paragraphs, over } })),
  step: (world: string, document_id: string, act: 'release' | 'drop') =>
    answer<Document>(client.POST(`/api/worlds/{world}/documents/{document_id}/${act}`, of(world, { document_id }))),
  fileAddress: (world: string, id: string, kind: 'docx' | 'pdf') => `${base(world)}/documents/${id}/file.${kind}`,
}

export type LossCheck = Schemas['LossCheckOut']
export const losses = {
  indicators: (world: string) => answer<Schemas['IndicatorOut'][]>(client.GET('/api/worlds/{world}/loss-indicators', { params: { path: { world } } })),
  all: (world: string, incident_id: string) => answer<Schemas['LossOut'][]>(client.GET('/api/worlds/{world}/incidents/{incident_id}/losses', of(world, { incident_id }))),
  check: (world: string, incident_id: string, body: Schemas['LossIn']) => answer<LossCheck>(client.POST('/api/worlds/{world}/incidents/{incident_id}/losses/check', { ...of(world, { incident_id }), body })),
  handIn: (world: string, incident_id: string, body: Schemas['LossIn']) => answer<Schemas['LossOut']>(client.POST('/api/worlds/{world}/incidents/{incident_id}/losses', { ...of(world, { incident_id }), body })),
}

export const review = {
  times: (world: string) => answer<Schemas['ReviewOut']>(client.GET('/api/worlds/{world}/review', { params: { path: { world } } })),
  keep: (world: string, note: string) => answer<Schemas['SituationOut']>(client.POST('/api/worlds/{world}/situations', { params: { path: { world } }, body: { note } })),
}

export const journal = {
  search: (world: string, wanted: Wanted, before: number | null, limit: number) =>
    answer<Timeline>(
      client.GET('/api/worlds/{world}/journal/search', {
        params: { path: { world }, query: { q: wanted.q, kind: wanted.kind, post: wanted.post, ...(wanted.incident && { incident_id: wanted.incident }), ...(before && { before }), limit } },
      }),
    ),
  posts: (world: string) => answer<string[]>(client.GET('/api/worlds/{world}/journal/posts', { params: { path: { world } } })),
  verify: (world: string) => answer<Verdict>(client.GET('/api/worlds/{world}/journal/verify', { params: { path: { world } } })),
}
