/** An island in a few words: its villages, or that none is named, and its persons. */
import type { Island } from '@/api/ways'

type Say = (key: string, values: Record<string, unknown>) => string

export function islandWords(island: Pick<Island, 'persons' | 'villages'>, t: Say, lang: string): string {
  const names = island.villages.map((one) => one.name).join(lang === 'en' ? ', ' : '、')
  return `${names || t('roads.islands.unnamed', {})} ${t('roads.persons', { n: island.persons.toLocaleString('en') })}`
}
