/** A warning typed by hand: what the form holds and what is sent. Pure. */
import type { WarningOrder } from '@/api/hazards'

export interface WarningDraft {
  kind: string
  colour: '' | WarningOrder['colour']
  /** Beijing time, as the field has it: 2026-07-30T14:10. */
  starts: string
  ends: string
  issued: string
  area: string
  cautions: string
  measures: string
  issuer: string
  document: string
  units: string[]
  official: boolean
}
export const freshWarning = (): WarningDraft => ({
  kind: 'rainstorm', colour: '', starts: '', ends: '', issued: '', area: '', cautions: '', measures: '', issuer: '', document: '', units: [], official: true,
})
/** Beijing time is eight hours ahead all the year. */
export const beijing = (local: string) => (local ? `${local.length === 16 ? `${local}:00` : local}+08:00` : '')
export const localNow = (ms: number) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 16)

/** The order, or the name of the field that is missing. */
export function warningOrder(draft: WarningDraft, towns: { code: string; name: string }[], now: number): WarningOrder | keyof WarningDraft {
  const names = towns.filter((town) => draft.units.includes(town.code)).map((town) => town.name)
  const area = draft.area.trim() || names.join('、')
  if (!draft.colour) return 'colour'
  const needed = { area, cautions: draft.cautions.trim(), measures: draft.measures.trim(), ...(draft.official ? { issuer: draft.issuer.trim(), document: draft.document.trim() } : {}) }
  const missing = Object.entries(needed).find(([, value]) => !value)
  if (missing) return missing[0] as keyof WarningDraft
  return {
    kind: draft.kind, colour: draft.colour, starts_at: beijing(draft.starts || localNow(now)), issued_at: beijing(draft.issued || localNow(now)),
    ends_at: beijing(draft.ends) || null, area, cautions: draft.cautions.trim(), measures: draft.measures.trim(), issuer: draft.issuer.trim(),
    document_no: draft.document.trim(), units: draft.units, official: draft.official, headline: '',
  }
}
