/** Teams: a square with their kind's character, filled by state. At a scene they stand in a ring round the incident. */
import { colour, mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { movingGeojson } from '../sources'
import type { MapLayer } from '../types'

/** Degrees from the right, clockwise; nothing stands to the right, where the incident has its name. */
const ANGLES = [156, 204, 108, 252, 60, 300]
/** Pixels at 1080p: the ring, and a second one when the first is full. */
const RINGS = [54, 96]
const PLACES = RINGS.flatMap((reach) =>
  ANGLES.map((angle) => [reach * Math.cos((angle * Math.PI) / 180), reach * Math.sin((angle * Math.PI) / 180)] as const),
)
const LABEL = 15
const BESIDE = 1.6
/** From this zoom on teams have their names beside them. */
const NAMED = 12.4
const UNDER_WAY = ['has', 'eta'] as never
const ETA = ['concat', '→ ', ['get', 'eta']] as never

function bySlot(of: (x: number, y: number) => unknown): never {
  const cases = PLACES.flatMap(([x, y], i) => [i + 1, ['literal', of(x, y)]])
  return ['match', ['get', 'slot'], ...cases, ['literal', of(0, 0)]] as never
}
/** The name beside its icon, on the outer side first. */
function labelAnchors(x: number, y: number): unknown[] {
  const [dx, dy] = [x / LABEL, y / LABEL]
  const sides = [['left', [dx + BESIDE, dy]], ['right', [dx - BESIDE, dy]]]
  if (x < 0) sides.reverse()
  return [...sides, ['bottom', [dx, dy - BESIDE]], ['top', [dx, dy + BESIDE]]].flat()
}

export const teams: MapLayer = {
  id: 'teams',
  sources: () => ({ teams: movingGeojson() }),
  layers: (ctx) => {
    const size = ['interpolate', ['linear'], ['zoom'], 10, 0.72, 13, 1] as never
    const alone = ['==', ['get', 'slot'], 0] as never
    const offset = bySlot((x, y) => [ctx.px(x), ctx.px(y)])
    const icon = {
      'icon-image': ['get', 'icon'] as never, 'icon-allow-overlap': true, 'icon-padding': 0, 'symbol-sort-key': ['get', 'order'] as never, 'icon-size': size,
    }
    const label = {
      'text-font': labelFont, 'text-size': ctx.px(LABEL), 'text-max-width': 12, 'text-justify': 'auto' as const,
      'text-variable-anchor-offset': bySlot(labelAnchors), 'text-padding': 0,
    }
    const letters = { 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.8) }
    return [
      {
        id: 'teams-chosen', slot: 'live', type: 'symbol', filter: ['==', ['get', 'chosen'], true],
        layout: { 'icon-image': 'halo', 'icon-allow-overlap': true, 'icon-ignore-placement': true, 'icon-size': size, 'icon-offset': offset },
      },
      // Under the icons, and so placed after them: a label gives way to an icon. From afar it is the arrival alone.
      { id: 'teams-eta', slot: 'live', type: 'symbol', maxzoom: NAMED, filter: UNDER_WAY, layout: { ...label, 'text-field': ETA }, paint: { ...letters, 'text-color': colour.accent } },
      {
        id: 'teams-label', slot: 'live', type: 'symbol', minzoom: NAMED,
        layout: { ...label, 'text-field': ['case', UNDER_WAY, ['concat', ['get', 'label'], '\n', ETA], ['get', 'label']] as never },
        paint: { ...letters, 'text-color': ['case', UNDER_WAY, colour.accent, colour.quiet] as never },
      },
      { id: 'teams-icon', slot: 'live', type: 'symbol', filter: alone, layout: icon },
      // Above the incidents: no other incident nearby may hide who is at a scene.
      { id: 'teams-scene', slot: 'scene', type: 'symbol', filter: ['!', alone] as never, layout: { ...icon, 'icon-offset': offset } },
    ]
  },
}
