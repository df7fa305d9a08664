/** What has changed between two states of a live layer, so that a thousand things that stand still cost nothing. Pure. */
import type { Feature, FeatureCollection, Geometry } from 'geojson'
import type { GeoJSONSourceDiff } from 'maplibre-gl'

const idOf = (feature: Feature) => feature.properties?.id as string | undefined

function stands(a: Feature, b: Feature): boolean {
  if (a.geometry === b.geometry) return true
  if (a.geometry.type !== 'Point' || b.geometry.type !== 'Point') return false
  const [[x, y], [u, v]] = [a.geometry.coordinates, b.geometry.coordinates]
  return x === u && y === v
}
function looksSame(a: Feature, b: Feature): boolean {
  const [p, q] = [a.properties ?? {}, b.properties ?? {}]
  const keys = Object.keys(p)
  return keys.length === Object.keys(q).length && keys.every((key) => p[key] === q[key])
}

/** The difference, by the property `id`; null where things have no such names, or two have the same. */
export function changesOf(before: FeatureCollection, after: FeatureCollection): GeoJSONSourceDiff | null {
  const held = new Map<string, Feature>()
  for (const one of before.features) {
    const id = idOf(one)
    if (id === undefined || held.has(id)) return null
    held.set(id, one)
  }
  const add: Feature[] = []
  const update: { id: string; newGeometry: Geometry }[] = []
  const seen = new Set<string>()
  for (const one of after.features) {
    const id = idOf(one)
    if (id === undefined || seen.has(id)) return null
    seen.add(id)
    const old = held.get(id)
    if (!old || !looksSame(old, one)) add.push(one)
    else if (!stands(old, one)) update.push({ id, newGeometry: one.geometry })
  }
  const remove = [...held.keys()].filter((id) => !seen.has(id))
  return { add, update, remove }
}
