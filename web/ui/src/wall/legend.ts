/** The legend of a layer. Live things are drawn by the page, so the page knows their symbols best. */
import type { LayerEntry, LegendEntry } from '@/api/types'
import { en } from '@/i18n/en'
import { zh } from '@/i18n/zh'
import { colour, mapColour } from '@/style/tokens'

function entry(label_zh: string, label_en: string, mark = '', color = '', pattern = 'solid'): LegendEntry {
  return { label_zh, label_en, mark, color, pattern }
}
function ofWords(words: Record<string, string>, english: Record<string, string>): LegendEntry[] {
  return Object.entries(words).map(([key, label]) => entry(label, english[key] ?? ''))
}
const OWN: Record<string, LegendEntry[]> = {
  incidents: ofWords(zh.kind, en.kind),
  teams: ofWords(zh.teamState, en.teamState),
  routes: [
    entry(zh.strip.route, en.strip.route, 'line', colour.accent),
    entry(zh.strip.routeOther, en.strip.routeOther, 'line', mapColour.routeOther),
    entry(zh.strip.routeBad, en.strip.routeBad, 'line', colour.text, 'dotted'),
  ],
  closures: [entry(zh.strip.closure, en.strip.closure, 'line', colour.text, 'hatched')],
}

export function legendOf(layer: LayerEntry): LegendEntry[] {
  return OWN[layer.id] ?? layer.legend
}
