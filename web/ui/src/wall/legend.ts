/** The legend of a layer. Live things are drawn by the page, so the page knows their symbols best. */
import type { LayerEntry, LegendEntry, TownColour } from '@/api/types'
import { i18n } from '@/i18n'
import { zh, type Messages } from '@/i18n/zh'
import { colour, fiveColour, mapColour } from '@/style/tokens'

function entry(label_zh: string, label_en: string, mark = '', color = '', pattern = 'solid'): LegendEntry {
  return { label_zh, label_en, mark, color, pattern }
}
function ofWords(words: Record<string, string>, english: Record<string, string>): LegendEntry[] {
  return Object.entries(words).map(([key, label]) => entry(label, english[key] ?? ''))
}
const own = (en: Messages): Record<string, LegendEntry[]> => ({
  incidents: ofWords(zh.kind, en.kind),
  teams: ofWords(zh.teamState, en.teamState),
  town_colour: Object.entries(fiveColour).map(([key, shade]) => entry(zh.screen.five.colours[key as TownColour], en.screen.five.colours[key as TownColour], 'fill', shade)),
  routes: [
    entry(zh.strip.route, en.strip.route, 'line', colour.accent),
    entry(zh.strip.routeOther, en.strip.routeOther, 'line', mapColour.routeOther),
    entry(zh.strip.routeBad, en.strip.routeBad, 'line', colour.text, 'dotted'),
  ],
  closures: [entry(zh.strip.closure, en.strip.closure, 'line', colour.text, 'hatched'), entry(zh.strip.limit, en.strip.limit, 'line', colour.text, 'dotted')],
  fire_run: [entry('推算火线（参考）', 'Modelled front (reference)', 'line', mapColour.front, 'dotted')],
  flood_roads: [entry('推算积水道路（参考）', 'Modelled water on roads', 'line', mapColour.suggest, 'dotted')],
  scene_marks: [
    entry('警戒范围、下风向', 'Cordon, downwind', 'line', mapColour.gas), entry('过火范围', 'Burnt ground', 'fill', mapColour.front), entry('撤离路线、安全区', 'Escape route, safety zone', 'line', colour.success, 'dashed'),
  ],
  gauge_state: [
    entry(zh.gauge.legend.calm, en.gauge.legend.calm, 'circle', colour.quiet, 'hollow'),
    entry(zh.gauge.legend.over, en.gauge.legend.over, 'circle', colour.text),
    entry(zh.gauge.legend.silent, en.gauge.legend.silent, 'circle', colour.faint, 'hollow'),
  ],
  cyclones: [
    ...Object.entries(mapColour.cyclone).map(([grade, shade]) => entry(zh.weather.grades[grade] ?? '', en.weather.grades[grade] ?? '', grade, shade)),
    entry(zh.weather.legend.ahead, en.weather.legend.ahead, 'line', colour.text, 'dashed'),
    entry(zh.weather.legend.cone, en.weather.legend.cone, 'fill', mapColour.cone, 'hatched'),
    entry(zh.weather.legend.circle, en.weather.legend.circle, 'line', mapColour.gale),
  ],
  rain_field: [entry(zh.weather.legend.field, en.weather.legend.field, 'ramp', mapColour.cyclone.TY)],
  hazard_state: [
    entry(zh.hazard.legend.official, en.hazard.legend.official, 'triangle', colour.warning.orange),
    entry(zh.hazard.legend.internal, en.hazard.legend.internal, 'fill', colour.warning.orange, 'hatched'),
    entry(zh.hazard.legend.unknown, en.hazard.legend.unknown, 'triangle', colour.faint, 'hollow'),
  ],
})

export function legendOf(layer: LayerEntry): LegendEntry[] {
  return own(i18n.global.messages.value.en ?? zh)[layer.id] ?? layer.legend
}

/** A layer that is drawn as its register says: one mark, no legend of steps. */
export function isRegister(layer: LayerEntry): boolean {
  return layer.register_key === layer.id
}

export interface LayerGroup {
  id: string
  zh: string
  en: string
  layers: LayerEntry[]
}
const ORDER = ['situation', 'live', 'reference', 'resources']
/** The catalogue as the tree shows it: what happens, then reference data, register by register group, the base map last. */
export function treeOf(layers: LayerEntry[]): LayerGroup[] {
  const groups = new Map<string, LayerGroup>()
  for (const layer of layers) {
    const [zh, en] = [layer.theme_zh, layer.theme_en]
    const id = layer.group === 'base' || !en ? layer.group : `theme-${en.toLowerCase().replaceAll(' ', '-')}`
    if (!groups.has(id)) groups.set(id, { id, zh: id === layer.group ? '' : zh, en: id === layer.group ? '' : en, layers: [] })
    groups.get(id)!.layers.push(layer)
  }
  // Register groups stand as the catalogue first names one of their own layers.
  const first = ({ layers: some }: LayerGroup) => ORDER.length + Math.max(0, layers.indexOf(some.find(isRegister) ?? some[0]!))
  const rank = (group: LayerGroup) => (group.id === 'base' ? Infinity : ORDER.includes(group.id) ? ORDER.indexOf(group.id) : first(group))
  return [...groups.values()].sort((a, b) => rank(a) - rank(b))
}
