/** The one way to the server: typed by its OpenAPI, and failures as problems that a person can read. */
import createClient from 'openapi-fetch'
import type { paths } from './schema.gen'
import type * as T from './types'

/** A refusal or a failure, with the server's own words where it gave any. Status 0: no answer at all. */
export class Problem extends Error {
  override name = 'Problem'
  constructor(
    readonly status: number,
    readonly zh: string,
    readonly en: string,
    readonly field: string | null = null,
  ) {
    super(zh)
  }
  words(lang: string): string {
    return lang === 'en' ? this.en : this.zh
  }
}

interface ProblemBody {
  title?: string
  detail?: unknown
  detail_en?: string
  field?: string | null
}

let csrf = ''
let onSignedOut: () => void = () => undefined

export function setCsrf(token: string): void {
  csrf = token
}
/** What to do when the server no longer knows this session. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

/** Every call goes through here: the token on what changes things, and an absent server told from a refusal. */
async function guarded(request: Request): Promise<Response> {
  if (request.method !== 'GET' && csrf) request.headers.set('X-CSRF-Token', csrf)
  let response: Response
  try {
    response = await globalThis.fetch(request)
  } catch (cause) {
    if (request.signal.aborted) throw cause
    throw new Problem(0, '连不上服务器，请检查网络后重试', 'The server cannot be reached. Check the network and try again')
  }
  if (response.status === 401 && !request.url.endsWith('/api/session')) onSignedOut()
  return response
}

export const client = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: guarded })

function problemOf(response: Response, body: unknown): Problem {
  const said = (body ?? {}) as ProblemBody
  const words = typeof said.detail === 'string' ? said.detail : said.title
  const zh = words || `服务器未能完成（${response.status}）`
  const en = said.detail_en || words || `The server could not do this (${response.status})`
  return new Problem(response.status, zh, en, said.field ?? null)
}

/** The answer's data under the page's type, or the problem thrown. */
export async function answer<R>(call: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<R> {
  const { data, error, response } = await call
  if (!response.ok) throw problemOf(response, error)
  return data as R
}

/** A file to keep, under the name that the server gave it; or the problem thrown. */
async function saved(call: Promise<{ data?: unknown; error?: unknown; response: Response }>): Promise<{ body: Blob; name: string }> {
  const { response } = await call
  const body = await answer<Blob>(call)
  const name = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('Content-Disposition') ?? '')?.[1]
  return { body, name: decodeURIComponent(name ?? 'baochu') }
}

const at = (world: string) => ({ params: { path: { world } } })
const signalled = (signal?: AbortSignal) => (signal ? { signal } : {})

export const api = {
  session: () => answer<T.Session>(client.GET('/api/session')),
  signIn: (username: string, password: string) => answer<T.Session>(client.POST('/api/session', { body: { username, password } })),
  signOut: () => answer<void>(client.DELETE('/api/session')),
  district: () => answer<T.District>(client.GET('/api/district')),
  layers: () => answer<T.LayerEntry[]>(client.GET('/api/layers')),
  baseMaps: () => answer<T.BaseMap[]>(client.GET('/api/basemaps')),
  mapFile: (world: string, query: { layers: string; box: string; zoom: number }) =>
    saved(client.GET('/api/worlds/{world}/map.html', { params: { path: { world }, query }, parseAs: 'blob' })),
  shelters: () => answer<T.Shelter[]>(client.GET('/api/shelters')),
  places: (q: string, signal?: AbortSignal) =>
    answer<T.Place[]>(client.GET('/api/places', { params: { query: { q } }, ...signalled(signal) })),
  worlds: () => answer<T.World[]>(client.GET('/api/worlds')),
  createWorld: (name: string, title: string) => answer<T.World>(client.POST('/api/worlds', { body: { name, title } })),
  dropWorld: (world: string) => answer<void>(client.DELETE('/api/worlds/{world}', at(world))),
  setSpeed: (world: string, speed: number) => answer<T.World>(client.PUT('/api/worlds/{world}/clock', { ...at(world), body: { speed } })),
  board: (world: string) => answer<T.Board>(client.GET('/api/worlds/{world}/board', at(world))),
  journal: (world: string, after: number, limit: number) =>
    answer<T.JournalEntry[]>(client.GET('/api/worlds/{world}/journal', { params: { path: { world }, query: { after, limit } } })),
  streamAddress: (world: string, after: number) => `/api/worlds/${encodeURIComponent(world)}/stream?after=${after}`,
  report: (world: string, body: T.IncidentReport) => answer<T.Incident>(client.POST('/api/worlds/{world}/incidents', { ...at(world), body })),
  closeIncident: (world: string, incident_id: string, ground: string) =>
    answer<T.Incident>(client.POST('/api/worlds/{world}/incidents/{incident_id}/close', { params: { path: { world, incident_id } }, body: { ground } })),
  recommendations: (world: string, incident_id: string, signal?: AbortSignal) =>
    answer<T.Recommendations>(
      client.GET('/api/worlds/{world}/incidents/{incident_id}/recommendations', { params: { path: { world, incident_id } }, ...signalled(signal) }),
    ),
  dispatch: (world: string, incident_id: string, team_id: string, reason: string) =>
    answer<T.Dispatch>(
      client.POST('/api/worlds/{world}/incidents/{incident_id}/dispatches', { params: { path: { world, incident_id } }, body: { team_id, reason } }),
    ),
  advance: (world: string, dispatch_id: string, to: Exclude<T.DispatchState, 'ordered'>, note = '') =>
    answer<T.Dispatch>(client.POST('/api/worlds/{world}/dispatches/{dispatch_id}/advance', { params: { path: { world, dispatch_id } }, body: { to, note } })),
  teamState: (world: string, team_id: string, state: FreeTeamState, note: string) =>
    answer<T.Team>(client.POST('/api/worlds/{world}/teams/{team_id}/state', { params: { path: { world, team_id } }, body: { state, note } })),
  closeRoad: (world: string, body: T.ClosureOrder) => answer<T.Closure>(client.POST('/api/worlds/{world}/closures', { ...at(world), body })),
  liftClosure: (world: string, closure_id: string, reason: string) =>
    answer<T.Closure>(client.POST('/api/worlds/{world}/closures/{closure_id}/lift', { params: { path: { world, closure_id } }, body: { reason } })),
}
/** The states that a person may set; the others follow from dispatches. */
export type FreeTeamState = 'standby' | 'resting' | 'unavailable'
