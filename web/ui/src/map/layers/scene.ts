/** What is drawn at a scene: zones, sectors, escape routes, burnt ground, places. Not in colours of warnings. */
import type { FeatureCollection } from 'geojson'
import type { Mark } from '@/api/types'
import { colour, mapColour } from '@/style/tokens'
import { emptyGeojson } from '../sources'
import { labelFont } from '../text'
import type { MapLayer } from '../types'

const WORDS: Record<Mark['kind'], [string, string]> = {
  isolation: ['初始警戒圈', 'Isolation'], downwind: ['下风向', 'Downwind'], cordon: ['警戒区', 'Cordon'],
  headquarters: ['现场指挥部', 'Headquarters'], division: ['作战分区', 'Sector'], escape: ['撤离路线', 'Escape route'],
  safety: ['安全区', 'Safety zone'], burnt: ['过火范围', 'Burnt'], monitor: ['监测点', 'Monitoring point'],
}
const DECIDED = { evacuate: ['疏散撤离', 'evacuate'], shelter: ['就地避险', 'stay indoors'] } as const

export const markWord = (kind: Mark['kind'], lang: string) => WORDS[kind][lang === 'en' ? 1 : 0]

export function markFeatures(rows: Mark[], lang: string): FeatureCollection {
  const at = lang === 'en' ? 1 : 0
  return {
    type: 'FeatureCollection',
    features: rows.map((row) => ({
      type: 'Feature',
      geometry: row.geom as never,
      properties: {
        id: row.id, kind: row.kind,
        label: [markWord(row.kind, lang), row.name, row.decision ? DECIDED[row.decision][at] : ''].filter(Boolean).join(' '),
      },
    })),
  }
}

const AREAS = ['isolation', 'downwind', 'cordon', 'division', 'safety', 'burnt']
const tint = ['match', ['get', 'kind'], ['burnt'], mapColour.front, ['safety', 'escape'], colour.success, ['division'], colour.text, mapColour.gas] as never
const among = (kinds: string[]) => ['in', ['get', 'kind'], ['literal', kinds]] as never

export const sceneMarks: MapLayer = {
  id: 'scene_marks',
  sources: () => ({ scene_marks: emptyGeojson() }),
  layers: (ctx) => [
    { id: 'scene_marks-fill', slot: 'surface', type: 'fill', filter: among(AREAS.filter((kind) => kind !== 'division')), paint: { 'fill-color': tint, 'fill-opacity': 0.14 } },
    { id: 'scene_marks-edge', slot: 'bounds', type: 'line', filter: among(AREAS), layout: { 'line-join': 'round' }, paint: { 'line-color': tint, 'line-width': ctx.px(2) } },
    { id: 'scene_marks-way', slot: 'live', type: 'line', filter: among(['escape']), layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': tint, 'line-width': ctx.px(3.5), 'line-dasharray': [2, 1.5] } },
    { id: 'scene_marks-spot', slot: 'top', type: 'circle', filter: among(['headquarters', 'monitor']), paint: { 'circle-radius': ['match', ['get', 'kind'], 'headquarters', ctx.px(7), ctx.px(5)], 'circle-color': ['match', ['get', 'kind'], 'headquarters', colour.accent, colour.ground], 'circle-stroke-color': mapColour.gas, 'circle-stroke-width': ctx.px(2.5) } },
    {
      id: 'scene_marks-name', slot: 'labels', type: 'symbol',
      layout: { 'text-field': ['get', 'label'], 'text-font': labelFont, 'text-size': ctx.px(14), 'text-anchor': 'top', 'text-offset': [0, 0.6] },
      paint: { 'text-color': colour.text, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(2) },
    },
  ],
}
