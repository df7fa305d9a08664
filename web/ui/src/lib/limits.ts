/** What a closure does: shut for all, or a limit for some. */
import type { Closure } from '@/api/types'

type Limit = Pick<Closure, 'closed_for' | 'slower' | 'depth_m'>

export const EVERYBODY = '*'
export const isFull = (row: Pick<Limit, 'closed_for'>) => row.closed_for.includes(EVERYBODY)

/** The words of a limit, each by its key and figure; `name` says whom a kind of traveller means. */
export function limitParts(row: Limit, name: (kind: string) => string, comma: string): [key: 'full' | 'stops' | 'depth' | 'slower', n: string][] {
  if (isFull(row)) return [['full', '']]
  return [
    ...(row.closed_for.length ? [['stops', row.closed_for.map(name).join(comma)] as ['stops', string]] : []),
    ...(row.depth_m ? [['depth', String(Math.round(row.depth_m * 100))] as ['depth', string]] : []),
    ...(row.slower > 1 ? [['slower', String(row.slower)] as ['slower', string]] : []),
  ]
}

/** What a person typed as a number; null where it is none, or nothing. */
export function figure(text: string, least: number, most: number): number | null {
  const found = text.trim() === '' ? NaN : Number(text)
  return found >= least && found <= most ? found : null
}
