/** Values of a register's fields, as they are shown and as they are typed. */
import type { FieldDef, RegisterDef, Row, Value, Values } from '@/api/registers'

const figures = new Intl.NumberFormat('en-US', { maximumFractionDigits: 9 })
export const nameOf = (of: { zh: string; en: string }, lang: string) => (lang === 'en' ? of.en : of.zh)

export function isBlank(value: Value | undefined): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

/** A value in words, without its unit; blank is empty. */
export function shown(field: FieldDef, value: Value | undefined, lang: string): string {
  if (isBlank(value)) return ''
  const word = (code: unknown) => {
    const choice = field.choices.find((one) => one.code === code)
    return choice ? nameOf(choice, lang) : String(code)
  }
  if (typeof value === 'boolean') return lang === 'en' ? (value ? 'Yes' : 'No') : value ? '是' : '否'
  if (Array.isArray(value)) return value.map(word).join(lang === 'en' ? ', ' : '、')
  if (typeof value === 'number') return field.unit === '年' ? String(value) : figures.format(value)
  return word(value)
}
/** A value with its unit. */
export function measured(field: FieldDef, value: Value | undefined, lang: string): string {
  const text = shown(field, value, lang)
  return text && field.unit ? `${text} ${field.unit}` : text
}

export function same(a: Value | undefined, b: Value | undefined): boolean {
  return (isBlank(a) && isBlank(b)) || JSON.stringify(a) === JSON.stringify(b)
}

/** What a box holds, as the server takes it: figures as numbers where they are plain, else as they were typed. */
export function typed(field: FieldDef, text: string): Value {
  const trimmed = text.trim()
  if (!trimmed) return null
  if (field.type === 'texts') return trimmed.split(/[;；、\n]+/).map((part) => part.trim()).filter(Boolean)
  const plain = field.type === 'integer' || field.type === 'number' ? /^-?\d+(\.\d+)?$/.test(trimmed) && Math.abs(Number(trimmed)) < 1e15 : false
  return plain ? Number(trimmed) : trimmed
}

/** The columns of the table: what is listed, code and name and unit first. */
export function columnsOf(register: RegisterDef): FieldDef[] {
  const first = ['code', 'name', 'admin_code']
  const listed = register.fields.filter((field) => field.listed && !first.includes(field.name))
  return [...first.map((name) => register.fields.find((field) => field.name === name)!), ...listed]
}

/** All fields of a row with the edits over them; secrets only where they were typed anew. */
export function merged(register: RegisterDef, row: Row | null, edits: Values): Values {
  const out: Values = {}
  for (const field of register.fields) {
    if (field.name in edits) out[field.name] = edits[field.name]!
    else if (field.type !== 'secret') out[field.name] = row?.values[field.name] ?? null
  }
  return out
}
/** The edits that do change something. */
export function changed(row: Row | null, edits: Values): Values {
  return Object.fromEntries(Object.entries(edits).filter(([name, value]) => !same(value, row?.values[name])))
}

export interface Clash {
  field: string
  seen: Value
  now: Value
  mine: Value
}
/** Where somebody else has changed a row since it was opened: each field that differs, with what is typed here. */
export function clashes(seen: Values, now: Values, edits: Values): Clash[] {
  const names = new Set([...Object.keys(seen).filter((name) => !same(seen[name], now[name])), ...Object.keys(edits)])
  return [...names]
    .filter((name) => !same(now[name], seen[name]) || (name in edits && !same(edits[name], now[name])))
    .map((field) => ({ field, seen: seen[field] ?? null, now: now[field] ?? null, mine: field in edits ? edits[field]! : (seen[field] ?? null) }))
}
