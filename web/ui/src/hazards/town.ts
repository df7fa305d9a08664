/** The rain of towns in the windows that the wall shows. Pure. */
import type { AreasRain } from '@/api/hazards'

export const WINDOWS = [1, 3, 24] as const
export interface TownRow {
  code: string
  name: string
  nameEn: string
  /** Millimetres in each of `WINDOWS`; null: not known. */
  mm: (number | null)[]
}
export function townRows(found: AreasRain | null, english: Record<string, string> = {}): TownRow[] {
  return (found?.areas ?? []).map(({ code, name, rain }) => ({
    code, name, nameEn: english[code] ?? '', mm: WINDOWS.map((hours) => rain.find((one) => one.hours === hours)?.mm ?? null),
  }))
}
/** Whole millimetres from ten on, tenths below: "0", "0.4", "87". */
export const rainFigure = (mm: number) => (mm >= 10 ? mm.toFixed(0) : mm.toFixed(1).replace(/\.0$/, ''))
