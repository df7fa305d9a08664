/** Roads by class: casing, surface, tunnels in dashes, names along the line. */
import type { ExpressionSpecification } from 'maplibre-gl'
import { mapColour } from '@/style/tokens'
import { labelFont } from '../text'
import { vectorSource } from '../sources'
import type { MapContext, MapLayer } from '../types'

/** Width in 1080p pixels at zoom 11 and 17, and colour, by rank. */
const RANKS = {
  trunk: { classes: ['motorway', 'trunk'], at11: 2.4, at17: 22, colour: mapColour.roadTrunk },
  major: { classes: ['primary', 'motorway_link', 'trunk_link'], at11: 1.8, at17: 18, colour: mapColour.roadMajor },
  middle: { classes: ['secondary', 'tertiary', 'primary_link', 'secondary_link'], at11: 1, at17: 14, colour: mapColour.roadMiddle },
  path: { classes: ['footway', 'path', 'steps', 'cycleway', 'pedestrian', 'track', 'bridleway'], at11: 0.2, at17: 3, colour: mapColour.roadPath },
  lane: { classes: ['service'], at11: 0.1, at17: 5.5, colour: mapColour.roadMinor },
} as const
const MINOR = { at11: 0.4, at17: 10, colour: mapColour.roadMinor }

function byRank(pick: (rank: { at11: number; at17: number; colour: string }) => number | string): ExpressionSpecification {
  const pairs = Object.values(RANKS).flatMap((rank) => [[...rank.classes], pick(rank)])
  return ['match', ['get', 'class'], ...pairs, pick(MINOR)] as unknown as ExpressionSpecification
}
function width(ctx: MapContext, extra: number): ExpressionSpecification {
  return [
    'interpolate', ['exponential', 1.6], ['zoom'],
    11, byRank((rank) => ctx.px(rank.at11 + extra * 0.3)),
    17, byRank((rank) => ctx.px(rank.at17 + extra)),
  ] as unknown as ExpressionSpecification
}
const sortKey = ['match', ['get', 'class'], ...Object.values(RANKS).flatMap((rank, i) => [[...rank.classes], 9 - i * 2]), 4] as never
const PATHS = ['match', ['get', 'class'], [...RANKS.path.classes], true, false]
const TUNNEL = ['==', ['coalesce', ['get', 'tunnel'], false], true]

export const roads: MapLayer = {
  id: 'roads',
  sources: (ctx) => ({ roads: vectorSource(ctx) }),
  layers: (ctx) => [
    {
      id: 'roads-tunnel', slot: 'roads', type: 'line', 'source-layer': 'roads', filter: TUNNEL as never,
      paint: { 'line-color': byRank((rank) => rank.colour), 'line-width': width(ctx, 0), 'line-opacity': 0.45, 'line-dasharray': [1.2, 0.8] },
    },
    {
      id: 'roads-casing', slot: 'roads', type: 'line', 'source-layer': 'roads', minzoom: 12, filter: ['all', ['!', TUNNEL], ['!', PATHS]] as never,
      layout: { 'line-cap': 'butt', 'line-join': 'round', 'line-sort-key': sortKey },
      paint: { 'line-color': mapColour.casing, 'line-width': width(ctx, 3) },
    },
    {
      id: 'roads-line', slot: 'roads', type: 'line', 'source-layer': 'roads', filter: ['all', ['!', TUNNEL], ['!', PATHS]] as never,
      layout: { 'line-cap': 'round', 'line-join': 'round', 'line-sort-key': sortKey },
      paint: { 'line-color': byRank((rank) => rank.colour), 'line-width': width(ctx, 0) },
    },
    {
      id: 'roads-path', slot: 'roads', type: 'line', 'source-layer': 'roads', minzoom: 13, filter: ['all', ['!', TUNNEL], PATHS] as never,
      paint: { 'line-color': mapColour.roadMiddle, 'line-width': width(ctx, 0), 'line-dasharray': [3, 2], 'line-opacity': 0.7 },
    },
    {
      id: 'roads-name', slot: 'labels', type: 'symbol', 'source-layer': 'roads', minzoom: 12,
      filter: ['step', ['zoom'], ['match', ['get', 'class'], [...RANKS.trunk.classes, 'primary'], true, false],
        13, ['match', ['get', 'class'], [...RANKS.trunk.classes, ...RANKS.major.classes, ...RANKS.middle.classes], true, false],
        14.5, ['!', PATHS]] as never,
      layout: {
        'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': labelFont,
        'text-size': ['interpolate', ['linear'], ['zoom'], 12, ctx.px(13), 16, ctx.px(16)],
        'text-letter-spacing': 0.1, 'symbol-spacing': ctx.px(380), 'text-max-angle': 30, 'text-padding': ctx.px(8),
        'symbol-sort-key': ['*', -1, sortKey] as never,
      },
      paint: { 'text-color': mapColour.label, 'text-halo-color': mapColour.halo, 'text-halo-width': ctx.px(1.6) },
    },
  ],
}
