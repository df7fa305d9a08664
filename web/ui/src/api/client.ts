/** The one way to the server: JSON in, JSON out, and failures as problems that a person can read. */
import type * as T from './types'

interface ProblemBody {
  title?: string
  status?: number
  detail?: unknown
  detail_en?: string
  field?: string | null
  row?: number | null
}

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

let csrf = ''
let onSignedOut: () => void = () => undefined

export function setCsrf(token: string): void {
  csrf = token
}
/** What to do when the server no longer knows this session. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

async function problemOf(response: Response): Promise<Problem> {
  const body = (await response.json().catch(() => ({}))) as ProblemBody
  const said = typeof body.detail === 'string' ? body.detail : (body.title ?? '')
  const zh = said || `服务器未能完成(${response.status})`
  return new Problem(response.status, zh, body.detail_en || said || `The server could not do this (${response.status})`, body.field ?? null)
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

async function call<R>(method: Method, path: string, body?: unknown, signal?: AbortSignal): Promise<R> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET' && csrf) headers['X-CSRF-Token'] = csrf
  const init: RequestInit = { method, headers, credentials: 'same-origin' }
  if (body !== undefined) init.body = JSON.stringify(body)
  if (signal) init.signal = signal
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (cause) {
    if ((cause as Error).name === 'AbortError') throw cause
    throw new Problem(0, '连不上服务器,请检查网络后重试', 'The server cannot be reached. Check the network and try again')
  }
  if (response.status === 401 && !path.endsWith('/api/session')) onSignedOut()
  if (!response.ok) throw await problemOf(response)
  return (response.status === 204 ? undefined : await response.json()) as R
}

const get = <R>(path: string, signal?: AbortSignal) => call<R>('GET', path, undefined, signal)
const post = <R>(path: string, body: unknown) => call<R>('POST', path, body)
const q = encodeURIComponent
const inWorld = (world: string, rest: string) => `/api/worlds/${q(world)}/${rest}`

export const api = {
  session: () => get<T.Session>('/api/session'),
  signIn: (username: string, password: string) => post<T.Session>('/api/session', { username, password }),
  signOut: () => call<void>('DELETE', '/api/session'),
  district: () => get<T.District>('/api/district'),
  layers: () => get<T.LayerEntry[]>('/api/layers'),
  shelters: () => get<T.Shelter[]>('/api/shelters'),
  places: (words: string, signal?: AbortSignal) => get<T.Place[]>(`/api/places?q=${q(words)}`, signal),
  worlds: () => get<T.World[]>('/api/worlds'),
  createWorld: (name: string, title: string) => post<T.World>('/api/worlds', { name, title }),
  dropWorld: (world: string) => call<void>('DELETE', `/api/worlds/${q(world)}`),
  setSpeed: (world: string, speed: number) => call<unknown>('PUT', inWorld(world, 'clock'), { speed }),
  board: (world: string) => get<T.Board>(inWorld(world, 'board')),
  journal: (world: string, after: number, limit: number) =>
    get<T.JournalEntry[]>(inWorld(world, `journal?after=${after}&limit=${limit}`)),
  streamAddress: (world: string, after: number) => inWorld(world, `stream?after=${after}`),
  report: (world: string, report: T.IncidentReport) => post<T.Incident>(inWorld(world, 'incidents'), report),
  closeIncident: (world: string, id: string, ground: string) =>
    post<T.Incident>(inWorld(world, `incidents/${q(id)}/close`), { ground }),
  recommendations: (world: string, id: string, signal?: AbortSignal) =>
    get<T.Recommendations>(inWorld(world, `incidents/${q(id)}/recommendations`), signal),
  dispatch: (world: string, incident: string, team_id: string, reason: string) =>
    post<T.Dispatch>(inWorld(world, `incidents/${q(incident)}/dispatches`), { team_id, reason }),
  advance: (world: string, id: string, to: T.DispatchState, note: string) =>
    post<T.Dispatch>(inWorld(world, `dispatches/${q(id)}/advance`), note ? { to, note } : { to }),
  teamState: (world: string, id: string, state: T.TeamState, note: string) =>
    post<T.Team>(inWorld(world, `teams/${q(id)}/state`), { state, note }),
  closeRoad: (world: string, lon: number, lat: number, reason: string) =>
    post<T.Closure>(inWorld(world, 'closures'), { lon, lat, reason }),
  liftClosure: (world: string, id: string, reason: string) =>
    post<T.Closure>(inWorld(world, `closures/${q(id)}/lift`), { reason }),
}
