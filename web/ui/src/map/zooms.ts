/** On a screen of twice the size a map shows the same at one zoom more: all that depends on the zoom does so from there. Pure. */
type Layer = { type: string; minzoom?: number; maxzoom?: number; filter?: unknown; layout?: object; paint?: object }

const byZoom = ([word, ...rest]: unknown[]) =>
  (word === 'step' ? rest[0] : word === 'interpolate' ? rest[1] : undefined) as unknown[] | undefined

/** An expression with the stops of each `step` and `interpolate` over the zoom moved by so many levels. */
export function moved(value: unknown, by: number): unknown {
  if (!Array.isArray(value) || value[0] === 'literal') return value
  const stops = byZoom(value)?.[0] === 'zoom' // they stand at 3, 5, 7 in both
  return value.map((part: unknown, i) => (stops && i >= 3 && i % 2 && typeof part === 'number' ? part + by : moved(part, by)))
}
const all = (values: object, by: number) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, moved(value, by)]))

/** A layer as a screen of that scale shows it: 1 at 1080p, 2 at 4K. */
export function atScale<L extends Layer>(layer: L, scale: number): L {
  const by = Math.log2(scale)
  if (!by || layer.type === 'raster' || layer.type === 'hillshade') return layer
  const { minzoom, maxzoom, filter, layout, paint } = layer
  return {
    ...layer,
    ...(minzoom === undefined ? {} : { minzoom: minzoom + by }),
    ...(maxzoom === undefined ? {} : { maxzoom: maxzoom + by }),
    ...(filter === undefined ? {} : { filter: moved(filter, by) }),
    ...(layout ? { layout: all(layout, by) } : {}),
    ...(paint ? { paint: all(paint, by) } : {}),
  }
}
