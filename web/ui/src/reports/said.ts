/** What a report says: its words and figures as a form holds them, empty for not known. */
import type { Figures, Said } from '@/api/reports'

export const WORDS = ['overview', 'place', 'course', 'measures', 'other'] as const
export const FIGURES = ['dead', 'missing', 'injured', 'serious', 'loss_yuan', 'forest_ha'] as const
export type FigureName = (typeof FIGURES)[number]
export type FigureFields = Record<FigureName, number | ''>
export type SaidFields = Record<(typeof WORDS)[number], string> & FigureFields

/** Kinds of incidents that a table of the law grades; others are graded by plan. */
export const GRADED = new Set<string>(['city_fire', 'forest_fire', 'geohazard', 'other'])

export const fieldsOf = (said: Said): SaidFields =>
  Object.fromEntries([...WORDS.map((name) => [name, said[name]]), ...FIGURES.map((name) => [name, said[name] ?? ''])]) as SaidFields

export const figuresOf = (fields: FigureFields): Figures =>
  Object.fromEntries(FIGURES.map((name) => [name, typeof fields[name] === 'number' ? fields[name] : null])) as Figures

export const saidOf = (fields: SaidFields): Said => ({
  overview: fields.overview, place: fields.place, course: fields.course, measures: fields.measures, other: fields.other, ...figuresOf(fields),
})
/** Figures that are known, for a line of text. */
export const known = (figures: Record<string, unknown>): { name: FigureName; value: number }[] =>
  FIGURES.flatMap((name) => (typeof figures[name] === 'number' ? [{ name, value: figures[name] }] : []))
