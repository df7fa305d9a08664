/** Imports over HTTP, under the page's names. */
import { answer, client } from './client'
import type { components } from './schema.gen'

type Schemas = components['schemas']
export type Job = Schemas['JobOut']
export type Preview = Schemas['PreviewOut']
export type Report = Schemas['ReportOut']
export type Terms = Schemas['TermsOut']
export type Found = Schemas['ImportFindingOut']

const of = (job_id: string) => ({ params: { path: { job_id } } })
const form = (parts: Record<string, string | File>) => () => {
  const data = new FormData()
  for (const [name, part] of Object.entries(parts)) data.append(name, part)
  return data
}

export const imports = {
  list: (key: string) => answer<Job[]>(client.GET('/api/imports', { params: { query: { key } } })),
  upload: (key: string, file: File) =>
    answer<Job>(client.POST('/api/imports', { body: { key, file: file.name }, bodySerializer: form({ key, file }) })),
  service: (key: string, url: string, layer: string | null) => answer<Job>(client.POST('/api/imports/service', { body: { key, url, layer } })),
  get: (id: string) => answer<Job>(client.GET('/api/imports/{job_id}', of(id))),
  preview: (id: string, layer: string | null) =>
    answer<Preview>(client.GET('/api/imports/{job_id}/preview', { params: { path: { job_id: id }, query: layer ? { layer } : {} } })),
  mapping: (id: string, layer: string | null, sheet: File) =>
    answer<Record<string, string>>(
      client.POST('/api/imports/{job_id}/mapping', {
        params: { path: { job_id: id }, query: layer ? { layer } : {} },
        body: { sheet: sheet.name },
        bodySerializer: form({ sheet }),
      }),
    ),
  check: (id: string, terms: Terms) => answer<Job>(client.POST('/api/imports/{job_id}/check', { ...of(id), body: terms })),
  confirm: (id: string, reason: string) => answer<Job>(client.POST('/api/imports/{job_id}/confirm', { ...of(id), body: { reason } })),
  drop: (id: string) => answer<void>(client.POST('/api/imports/{job_id}/drop', of(id))),
  rejects: (id: string, format: 'csv' | 'xlsx') => `/api/imports/${id}/rejects?format=${format}`,
  evidence: (job: Job) => `/api/imports/${job.id}/evidence.svg?at=${encodeURIComponent(job.updated_at)}`,
}
