/** The text of a work reminder taken apart: words, and marks that stand for numbers with a source. */
import type { Counted, Reminder } from '@/api/duty'

export type Part = { text: string } | { mark: string; text: string }

/** A mark that counts nothing stays as it was typed. */
export function partsOf(text: string, numbers: Reminder['numbers']): Part[] {
  return text.split(/(\{\d+\})/).filter(Boolean).map((piece) => {
    const mark = /^\{(\d+)\}$/.exec(piece)?.[1]
    const number = mark === undefined ? undefined : numbers[mark]
    return mark === undefined || !number ? { text: piece } : { mark, text: `${number.value} ${number.unit}` }
  })
}
/** What an item of the board is called. */
export function nameOf(item: Counted, en: boolean): string {
  const said = (key: string) => (typeof item[key] === 'string' ? (item[key] as string) : '')
  const named = said('title') || (en && said('text_en')) || said('text_zh') || said('road_name') || said('name') || said('place')
  const warning = en ? `${said('kind_en')} ${said('colour_en')}`.trim() : said('kind_zh') + said('colour_zh')
  return [said('no'), named || warning || said('id')].filter(Boolean).join(' ')
}
