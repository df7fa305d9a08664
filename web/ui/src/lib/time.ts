/** Times as the duty room reads them: Beijing time, 24 h, the date only when it is not today. */
const ZONE = 'Asia/Shanghai'
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  weekday: 'short',
})
const WEEKDAYS: Record<string, string> = { Sun: '日', Mon: '一', Tue: '二', Wed: '三', Thu: '四', Fri: '五', Sat: '六' }

function split(at: number): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(at).map((part) => [part.type, part.value]))
}

/** "14:32:07". */
export function clockTime(at: number): string {
  const p = split(at)
  return `${p.hour}:${p.minute}:${p.second}`
}

/** "2026-07-30". */
export function day(at: number): string {
  const p = split(at)
  return `${p.year}-${p.month}-${p.day}`
}

/** "7月30日 星期四" or "Thu 30 Jul". */
export function dayInWords(at: number, lang: string): string {
  const p = split(at)
  if (lang !== 'en') return `${Number(p.month)}月${Number(p.day)}日 星期${WEEKDAYS[p.weekday ?? ''] ?? ''}`
  const month = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, month: 'short' }).format(at)
  return `${p.weekday} ${Number(p.day)} ${month}`
}

/** "14:32". */
export const hourOf = (iso: string): string => clockTime(Date.parse(iso)).slice(0, 5)

/** "14:32", or "07-29 14:32" when that is another day than `now`. */
export function timeOf(iso: string | null | undefined, now: number, seconds = false): string {
  if (!iso) return '–'
  const at = Date.parse(iso)
  if (Number.isNaN(at)) return '–'
  const p = split(at)
  const hour = seconds ? `${p.hour}:${p.minute}:${p.second}` : `${p.hour}:${p.minute}`
  return day(at) === day(now) ? hour : `${p.month}-${p.day} ${hour}`
}

/** Minutes with one decimal: 258 s is "4.3". */
export function minutes(seconds: number): string {
  return (seconds / 60).toFixed(1)
}

/** A figure and its unit apart, for large type: minutes, and hours from 100 minutes on. */
export function etaFigure(seconds: number, lang: string): { figure: string; unit: string } {
  const s = Math.abs(seconds)
  if (s < 6000) return { figure: minutes(s), unit: lang === 'en' ? 'min' : '分' }
  return { figure: (s / 3600).toFixed(1), unit: lang === 'en' ? 'h' : '时' }
}

/** "4.3 分"; an overdue ETA is told by the caller, never by a minus sign. */
export function minutesText(seconds: number, lang: string): string {
  return `${minutes(Math.abs(seconds))} ${lang === 'en' ? 'min' : '分'}`
}

/** How long something has lasted: "不足 1 分", "38 分", "2 时 05 分", "3 天 4 时". */
export function elapsed(seconds: number, lang: string): string {
  const en = lang === 'en'
  const whole = Math.max(0, Math.floor(seconds / 60))
  if (whole < 1) return en ? '< 1 min' : '不足 1 分'
  if (whole < 60) return en ? `${whole} min` : `${whole} 分`
  const hours = Math.floor(whole / 60)
  const rest = String(whole % 60).padStart(2, '0')
  if (hours < 24) return en ? `${hours} h ${rest} min` : `${hours} 时 ${rest} 分`
  const days = Math.floor(hours / 24)
  return en ? `${days} d ${hours % 24} h` : `${days} 天 ${hours % 24} 时`
}

/** The age of data, short: "3 秒", "4 分", "2 时". */
export function age(seconds: number, lang: string): string {
  const en = lang === 'en'
  const s = Math.max(0, Math.floor(seconds))
  if (s < 100) return en ? `${s} s` : `${s} 秒`
  if (s < 5400) return en ? `${Math.round(s / 60)} min` : `${Math.round(s / 60)} 分`
  return en ? `${Math.round(s / 3600)} h` : `${Math.round(s / 3600)} 时`
}

/** "860 m" or "3.2 km" (米, 公里 in Chinese). */
export function distance(metres: number, lang: string): string {
  const en = lang === 'en'
  if (metres < 1000) return `${Math.round(metres)} ${en ? 'm' : '米'}`
  return `${(metres / 1000).toFixed(1)} ${en ? 'km' : '公里'}`
}
