/** Which rows the desk shows, as the address bar, the server and the export link all say it. */
import type { Query } from '@/api/registers'

export type Box = [number, number, number, number]
export interface Filter {
  q: string
  towns: string[]
  /** Values by field; an empty string means unset. */
  where: Record<string, string[]>
  box: Box | null
  /** A Beijing moment, `2026-07-30T14:00`; empty is now. */
  at: string
  closed: boolean
}
export interface View extends Filter {
  order: string
  descending: boolean
  /** From 0. */
  page: number
  /** The open row's id, `new`, or nothing. */
  row: string
}
export const PAGE_ROWS = 50
export const NEW = 'new'

export function freshView(): View {
  return { q: '', towns: [], where: {}, box: null, at: '', closed: false, order: 'code', descending: false, page: 0, row: '' }
}
export function isFiltered(filter: Filter): boolean {
  return Boolean(filter.q || filter.towns.length || Object.values(filter.where).some((values) => values.length) || filter.box || filter.closed)
}

/** The filter as the server takes it. */
export function queryOf(filter: Filter): Query {
  const where = Object.entries(filter.where).flatMap(([field, values]) => values.map((value) => `${field}:${value}`))
  return {
    ...(filter.q.trim() && { q: filter.q.trim() }),
    ...(filter.towns.length && { town: filter.towns }),
    ...(where.length && { where }),
    ...(filter.box && { box: filter.box.join(',') }),
    ...(filter.at && { at: `${filter.at}:00+08:00` }),
    ...(filter.closed && { closed: true }),
  }
}
export function searchOf(query: Query): URLSearchParams {
  const out = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) out.append(name, String(one))
  return out
}

/** The whole view for the address bar, without what is as usual. */
export function addressOf(view: View): string {
  const out = searchOf(queryOf(view))
  if (view.at) out.set('at', view.at)
  if (view.order !== 'code' || view.descending) out.set('order', (view.descending ? '-' : '') + view.order)
  if (view.page) out.set('page', String(view.page + 1))
  if (view.row) out.set('row', view.row)
  return out.size ? `?${out}` : ''
}
export function viewOf(search: string): View {
  const said = new URLSearchParams(search)
  const where: Record<string, string[]> = {}
  for (const one of said.getAll('where')) {
    const colon = one.indexOf(':')
    if (colon > 0) (where[one.slice(0, colon)] ??= []).push(one.slice(colon + 1))
  }
  const box = (said.get('box') ?? '').split(',').map(Number)
  const order = said.get('order') ?? 'code'
  return {
    q: said.get('q') ?? '',
    towns: said.getAll('town'),
    where,
    box: box.length === 4 && box.every(Number.isFinite) ? (box as Box) : null,
    at: /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(said.get('at') ?? '') ? said.get('at')! : '',
    closed: said.get('closed') === 'true',
    order: order.replace(/^-/, ''),
    descending: order.startsWith('-'),
    page: Math.max(0, Math.floor(Number(said.get('page') ?? 1)) - 1) || 0,
    row: said.get('row') ?? '',
  }
}

/** The rows from the one chosen before to this one, in the order they stand: what Shift takes in. */
export function range(ids: readonly string[], from: string, to: string): string[] {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)]
  if (b < 0) return []
  return a < 0 ? [to] : ids.slice(Math.min(a, b), Math.max(a, b) + 1)
}
