/** The whole map style, made from the tokens and the server's catalogue. */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { BaseMap, District, LayerEntry } from '@/api/types'
import { colour, mapColour } from '@/style/tokens'
import { baseMapLayers, baseMapSources } from './basemap'
import { coastLayers } from './coast'
import { ground, light, sky } from './relief'
import { ALWAYS, layersOf } from './registry'
import { emptyGeojson } from './sources'
import { SLOTS, type MapContext, type Slot, type View } from './types'
import { atScale } from './zooms'

export interface StyleInput {
  district: District
  catalogue: LayerEntry[]
  scale: number
  lang: 'zh' | 'en'
  /** A base map from outside; null: our own. */
  basemap: BaseMap | null
  /** Whether the ground has its heights and buildings stand. */
  relief: boolean
  isOn(id: string): boolean
}
export interface LayerMeta {
  owner: string
  view: View | null
}
export function visibility(input: StyleInput, { owner, view }: LayerMeta): 'visible' | 'none' {
  return input.isOn(owner) && (!view || (view === 'relief') === input.relief) ? 'visible' : 'none'
}

/** Vector tiles go by the version of their layer, pictures by that of the district's data. */
export function tilesOf(entry: LayerEntry, version: string | number): string {
  const base = `${location.origin}/api`
  if (entry.kind !== 'raster') return `${base}/tiles/${entry.id}/{z}/{x}/{y}.mvt?v=${entry.version}`
  return `${base}/terrain/${entry.id === 'terrain' ? 'rgb' : entry.id}/{z}/{x}/{y}.png?v=${version}`
}

/** Live things are drawn even if an older catalogue does not list them. */
function catalogued(catalogue: LayerEntry[]): Map<string, LayerEntry> {
  const known = new Map(catalogue.map((entry) => [entry.id, entry]))
  for (const id of ALWAYS)
    if (!known.has(id))
      known.set(id, {
        id, title_zh: id, title_en: id, group: 'live', kind: 'live', min_zoom: 0, max_zoom: 22, attributes: [], legend: [], scale_zh: '', scale_en: '',
        freshness_zh: '', freshness_en: '', default_on: true, shape: 'point', version: 0, register_key: null, theme_zh: '', theme_en: '',
      })
  return known
}

export function buildStyle(input: StyleInput): StyleSpecification {
  const entries = catalogued(input.catalogue)
  const sources: Record<string, SourceSpecification> = { coast: emptyGeojson(), work: emptyGeojson(), picked: emptyGeojson(), sketch: emptyGeojson(), pulse: emptyGeojson() }
  if (input.basemap) Object.assign(sources, baseMapSources(input.basemap))
  const slots = () => new Map<Slot, LayerSpecification[]>(SLOTS.map((slot) => [slot, []]))
  const [under, over] = [slots(), slots()]
  const px = (length: number) => length * input.scale
  for (const module of layersOf(entries.values())) {
    const entry = entries.get(module.id)!
    const ctx: MapContext = { ...input, entry, tiles: tilesOf(entry, input.district.version), px }
    Object.assign(sources, module.sources(ctx))
    for (const { slot, view, ...layer } of module.layers(ctx)) {
      const metadata: LayerMeta = { owner: module.id, view: view ?? null }
      // Names along lines stand upright also where the map is pitched.
      const upright = layer.type === 'symbol' && layer.layout?.['symbol-placement'] === 'line' ? { 'text-pitch-alignment': 'viewport' } : {}
      const whole = { source: module.id, ...layer, layout: { ...upright, ...layer.layout, visibility: visibility(input, metadata) }, metadata }
      // Our own base map lies under one from outside, and shows where that has no tile; town bounds stay above it.
      const covered = input.basemap && entry.group === 'base' && (module.id !== 'admin' || slot === 'ground')
      ;(covered ? under : over).get(slot)?.push(atScale(whole, input.scale) as unknown as LayerSpecification)
    }
  }
  return {
    version: 8,
    sources,
    layers: [
      { id: 'beyond', type: 'background', paint: { 'background-color': mapColour.beyond } },
      ...coastLayers,
      ...[...under.values()].flat(),
      ...(input.basemap ? baseMapLayers(input.basemap) : []),
      ...[...over.values()].flat(),
      ...tools(px),
    ],
    transition: { duration: 0, delay: 0 },
    sky,
    light,
    ...(input.relief && entries.has('terrain') ? { terrain: ground } : {}),
  }
}

/** What the person points at and is placing, and the pulse of what is new. */
function tools(px: (length: number) => number): LayerSpecification[] {
  const picked = { type: 'line', source: 'picked', layout: { 'line-join': 'round' } } as const
  return [
    { id: 'picked-line', ...picked, paint: { 'line-color': colour.accent, 'line-width': px(2.5) } },
    { id: 'picked-ring', type: 'symbol', source: 'picked', filter: ['==', ['geometry-type'], 'Point'], layout: { 'icon-image': 'halo', 'icon-allow-overlap': true, 'icon-size': 0.75 } },
    // The tape that a closure will be, so that it is not taken for a route.
    { id: 'work-road-bed', type: 'line', source: 'work', filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-join': 'round' }, paint: { 'line-color': mapColour.halo, 'line-width': px(14) } },
    { id: 'work-road', type: 'line', source: 'work', filter: ['==', ['geometry-type'], 'LineString'], layout: { 'line-join': 'round' }, paint: { 'line-color': colour.text, 'line-width': px(9), 'line-dasharray': [0.9, 0.7] } },
    { id: 'work-pin', type: 'symbol', source: 'work', filter: ['==', ['geometry-type'], 'Point'], layout: { 'icon-image': 'pin', 'icon-anchor': 'bottom', 'icon-allow-overlap': true } },
    { id: 'sketch-fill', type: 'fill', source: 'sketch', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': colour.accent, 'fill-opacity': 0.14 } },
    { id: 'sketch-line', type: 'line', source: 'sketch', layout: { 'line-join': 'round', 'line-cap': 'round' }, paint: { 'line-color': colour.accent, 'line-width': px(2.5) } },
    { id: 'sketch-corner', type: 'circle', source: 'sketch', filter: ['==', ['geometry-type'], 'Point'], paint: { 'circle-radius': px(5), 'circle-color': colour.text, 'circle-stroke-color': colour.accent, 'circle-stroke-width': px(2.5) } },
    { id: 'pulse-ring', type: 'circle', source: 'pulse', paint: { 'circle-color': 'transparent', 'circle-stroke-color': colour.text, 'circle-stroke-width': px(3), 'circle-radius': px(18) } },
  ]
}
