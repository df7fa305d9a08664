/** One MapLibre map: made once, fed with data, told what to show. Nothing here moves the view by itself. */
import type { FeatureCollection, Position } from 'geojson'
import * as maplibregl from 'maplibre-gl'
import type { FilterSpecification, GeoJSONSource, ImageSource, MapGeoJSONFeature, PointLike, VectorTileSource } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { font, motion } from '@/style/tokens'
import { BASEMAP } from './basemap'
import { changesOf } from './changes'
import type { View } from '@/scenes/director'
import { coast, COAST_ZOOM } from './coast'
import { drawIcon } from './icons/draw'
import type { Look } from '@/stores/work'
import { namePoints, readAreas } from './names'
import { ground, PITCH } from './relief'
import { ID } from './sources'
import { buildStyle, tilesOf, visibility, type LayerMeta, type StyleInput } from './style'

maplibregl.setWorkerUrl(workerUrl)
// A browser opens six connections to a server: slow pictures must leave some to the stream and to orders.
maplibregl.setMaxParallelImageRequests(3)
/** A flight keeps the pitch and starts and ends softly; who has asked for less motion is there at once (MapLibre sees to it). */
const FLIGHT = { duration: motion.flyMs, curve: 1.2, easing: (t: number) => t * t * (3 - 2 * t) }
const AGAIN_MS = 30_000
const PICTURE = 'picture-'
/** A filter and paint that change with a moment shown. */
export interface LayerLook {
  filter: FilterSpecification
  paint: Record<string, unknown>
}
export type Corners = [[number, number], [number, number], [number, number], [number, number]]
declare global {
  interface Window {
    baochuMap?: maplibregl.Map
    /** For measuring. */
    baochuFeed?: (source: string, features: FeatureCollection) => void
  }
}

export class MapController {
  readonly map: maplibregl.Map
  private readonly data = new Map<string, FeatureCollection>()
  private readonly pictures = new Map<string, { address: string; corners: Corners }>()
  private pulses: { lon: number; lat: number; since: number }[] = []
  private pulsing = false
  /** Sources with tiles that did not come. */
  private readonly torn = new Set<string>()

  private again = 0
  /** How layers look at the moment shown. */
  private readonly looks = new Map<string, LayerLook>()

  /** `onBaseMap` hears whether the tiles of a base map from outside come. */
  constructor(container: HTMLElement, private input: StyleInput, private readonly onBaseMap: (comes: boolean) => void) {
    this.map = new maplibregl.Map({
      container,
      style: buildStyle(input),
      bounds: input.district.bounds,
      fitBoundsOptions: { padding: 24 },
      maxBounds: widened(input.district.bounds),
      minZoom: 8,
      maxZoom: 19,
      maxPitch: 75,
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      fadeDuration: 0,
      localIdeographFontFamily: `'${font.map}', sans-serif`,
    })
    this.map.touchZoomRotate.disableRotation()
    this.map.keyboard.disableRotation()
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 140 * input.scale }), 'bottom-right')
    this.map.setMissingStyleImageResolver((id) => {
      const icon = drawIcon(id, this.input.scale, devicePixelRatio)
      if (icon && !this.map.hasImage(id)) this.map.addImage(id, icon.image, { pixelRatio: icon.pixelRatio })
    })
    this.map.on('style.load', () => {
      this.feedAll()
      this.setVisible()
    })
    this.map.on('error', (event) => {
      const { sourceId } = event as { sourceId?: string }
      if (sourceId) this.torn.add(sourceId)
      if (!sourceId?.startsWith(BASEMAP)) return
      this.onBaseMap(false)
      this.again ||= window.setTimeout(() => {
        this.again = 0
        this.mend()
      }, AGAIN_MS)
    })
    this.map.on('sourcedata', ({ sourceId, tile }) => sourceId?.startsWith(BASEMAP) && tile && this.onBaseMap(true))
    this.map.on('zoomend', () => this.map.getZoom() < COAST_ZOOM && void this.drawCoast())
    void this.placeNames()
    this.map.once('idle', () => (document.documentElement.dataset.mapReady = 'true'))
    window.baochuMap = this.map
    window.baochuFeed = (source, features) => this.feed(source, features)
  }

  private async drawCoast(): Promise<void> {
    if (!this.data.has('coast')) this.feed('coast', await coast())
  }
  /** Names of areas, and no second name for a place that bears its area's. */
  private async placeNames(): Promise<void> {
    const { catalogue, district } = this.input
    for (const [id, zoom] of [['admin', 10], ['water', 11]] as const) {
      const entry = catalogue.find((layer) => layer.id === id)
      if (!entry) continue
      const at = Math.min(Math.max(zoom, entry.min_zoom), entry.max_zoom)
      const areas = await readAreas(tilesOf(entry, district.version), id, district.bounds, at).catch(() => [])
      this.feed(`${id}-names`, namePoints(areas))
    }
    this.hideNamedTwice()
  }
  private hideNamedTwice(): void {
    const named = [...(this.data.get('admin-names')?.features ?? []), ...(this.data.get('water-names')?.features ?? [])]
    if (!named.length || !this.map.getLayer('places-name')) return
    const names = named.map((one) => one.properties?.name as string)
    const before = this.map.getFilter('places-name') as unknown
    this.map.setFilter('places-name', ['all', before, ['!', ['in', ['get', 'name'], ['literal', names]]]] as never)
  }

  /** Screen scale: 1 at 1080p, 2 at 4K. */
  get scale(): number {
    return this.input.scale
  }
  /** Draws everything anew: another screen scale, language or version of the data. The view stays. */
  restyle(input: StyleInput): void {
    this.input = input
    this.map.setStyle(buildStyle(input), { diff: false })
    void this.placeNames()
  }
  /** Asks anew for the tiles of the layers that have changed; the rest of the map stays as it is. */
  follow(input: StyleInput): void {
    const before = new Map(this.input.catalogue.map((entry) => [entry.id, entry.version]))
    this.input = input
    for (const entry of input.catalogue)
      if (entry.kind === 'vector' && before.get(entry.id) !== entry.version)
        this.map.getSource<VectorTileSource>(entry.id)?.setTiles([tilesOf(entry, input.district.version)])
  }
  setVisible(): void {
    for (const layer of this.map.getStyle()?.layers ?? []) {
      const meta = layer.metadata as LayerMeta | undefined
      if (meta?.owner) this.map.setLayoutProperty(layer.id, 'visibility', visibility(this.input, meta))
    }
  }
  /** The 2.5-D scene, or back to the flat map; what is looked at stays. */
  setRelief(relief: boolean): void {
    this.input = { ...this.input, relief }
    this.map.setTerrain(relief && this.map.getSource(ground.source) ? ground : null)
    this.setVisible()
    for (const turned of [this.map.dragRotate, this.map.touchPitch]) turned[relief ? 'enable' : 'disable']()
    this.map.easeTo({ pitch: relief ? PITCH : 0, bearing: 0, ...FLIGHT })
  }
  feed(source: string, features: FeatureCollection): void {
    const before = this.data.get(source)
    this.data.set(source, features)
    const found = this.map.getSource<GeoJSONSource>(source)
    if (!found) return
    const changes = before ? changesOf(before, features) : null
    if (changes && !changes.add?.length && !changes.update?.length && !changes.remove?.length) return
    void (changes && found.promoteId === ID ? found.updateData(changes) : found.setData(features))
  }
  private feedAll(): void {
    for (const [source, features] of this.data) void this.map.getSource<GeoJSONSource>(source)?.setData(features)
    for (const [layer, look] of this.looks) this.dress(layer, look)
    this.drawPictures()
    this.hideNamedTwice()
  }
  /** Gives a layer another look, also after the next change of style. */
  dress(layer: string, look: LayerLook): void {
    this.looks.set(layer, look)
    if (!this.map.getLayer(layer)) return
    this.map.setFilter(layer, look.filter)
    for (const [name, value] of Object.entries(look.paint)) this.map.setPaintProperty(layer, name as never, value as never)
  }
  /** A picture between four corners, on the ground and under the roads; no address takes it away. */
  picture(id: string, address: string | null, corners: Corners | null): void {
    if (address && corners) this.pictures.set(id, { address, corners })
    else this.pictures.delete(id)
    this.drawPictures()
  }
  private drawPictures(): void {
    if (!this.map.isStyleLoaded() && !this.map.getLayer('picked-line')) return
    const style = this.map.getStyle()
    for (const source of Object.keys(style.sources).filter((one) => one.startsWith(PICTURE))) {
      if (this.pictures.has(source.slice(PICTURE.length))) continue
      this.map.removeLayer(source)
      this.map.removeSource(source)
    }
    const under = style.layers.find((layer) => layer.type === 'line' && layer.id.startsWith('roads'))?.id
    for (const [name, { address, corners }] of this.pictures) {
      const id = PICTURE + name
      const found = this.map.getSource<ImageSource>(id)
      const url = new URL(address, location.origin).href
      if (found) {
        found.updateImage({ url, coordinates: corners })
        continue
      }
      this.map.addSource(id, { type: 'image', url, coordinates: corners })
      this.map.addLayer({ id, type: 'raster', source: id, metadata: { owner: name }, layout: { visibility: this.input.isOn(name) ? 'visible' : 'none' }, paint: { 'raster-fade-duration': 0, 'raster-resampling': 'nearest' } }, under)
    }
  }
  /** The line is back: asks again for the tiles that did not come. */
  mend(): void {
    for (const source of this.torn) if (this.map.getSource(source)) this.map.refreshTiles(source)
    this.torn.clear()
  }
  /** Lets the view go as far as these places; without any, about the district. */
  widen(places: Position[]): void {
    const [w, s, e, n] = widened(this.input.district.bounds)
    const [x0, y0, x1, y1] = places.length ? boundsOf(places) : [w, s, e, n]
    const pad = places.length ? 6 : 0
    this.map.setMaxBounds([Math.min(w, x0 - pad), Math.min(s, y0 - pad), Math.max(e, x1 + pad), Math.max(n, y1 + pad)])
    this.map.setMinZoom(places.length ? 3 : 8)
  }
  look(at: Look): void {
    if (at === 'all') this.map.fitBounds(this.input.district.bounds, { padding: 24, ...FLIGHT })
    else if ('line' in at) this.map.fitBounds(boundsOf(at.line), { padding: 110 * this.input.scale, maxZoom: 15.5, ...FLIGHT })
    else if (!at.ifHidden || !this.shows(at.lon, at.lat)) this.map.flyTo({ center: [at.lon, at.lat], zoom: Math.max(this.map.getZoom(), at.zoom ?? 0), ...FLIGHT })
  }
  /** Where the map looks, with the zoom that it would have on a 1080p screen. */
  view(): View {
    const { lng, lat } = this.map.getCenter()
    return { lon: lng, lat, zoom: this.map.getZoom() - Math.log2(this.scale), pitch: this.map.getPitch(), bearing: this.map.getBearing() }
  }
  fly({ lon, lat, zoom, pitch, bearing }: View): void {
    this.map.flyTo({ center: [lon, lat], zoom: zoom + Math.log2(this.scale), pitch: Math.min(pitch, this.map.getMaxPitch()), bearing, ...FLIGHT, duration: 2 * motion.flyMs })
  }
  /** Whether a place is in plain sight: in the view, and neither at its edge nor under the tools. */
  shows(lon: number, lat: number): boolean {
    const { x, y } = this.map.project([lon, lat])
    const { clientWidth, clientHeight } = this.map.getContainer()
    const [edge, bar] = [32 * this.input.scale, 88 * this.input.scale]
    return x >= edge && x <= clientWidth - edge && y >= bar && y <= clientHeight - edge
  }
  /** What lies within a few pixels of a point, in these map layers. */
  near(point: { x: number; y: number }, layers: string[], reach = 8): MapGeoJSONFeature[] {
    const r = reach * this.input.scale
    const box: [PointLike, PointLike] = [[point.x - r, point.y - r], [point.x + r, point.y + r]]
    return this.map.queryRenderedFeatures(box, { layers: layers.filter((id) => this.map.getLayer(id)) })
  }

  /** Two seconds of a growing ring round what is new. */
  pulse(lon: number, lat: number): void {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    this.pulses.push({ lon, lat, since: performance.now() })
    if (this.pulsing) return
    this.pulsing = true
    requestAnimationFrame(() => this.drawPulses())
  }
  private drawPulses(): void {
    const now = performance.now()
    this.pulses = this.pulses.filter((pulse) => now - pulse.since < motion.pulseMs)
    const features = this.pulses.map(({ lon, lat }) => ({
      type: 'Feature' as const, geometry: { type: 'Point' as const, coordinates: [lon, lat] }, properties: {},
    }))
    this.feed('pulse', { type: 'FeatureCollection', features })
    const first = this.pulses[0]
    if (!first) return void (this.pulsing = false)
    const phase = (((now - first.since) / motion.pulseMs) * 2) % 1
    if (this.map.getLayer('pulse-ring')) {
      this.map.setPaintProperty('pulse-ring', 'circle-radius', (24 + phase * 40) * this.input.scale)
      this.map.setPaintProperty('pulse-ring', 'circle-stroke-opacity', 1 - phase)
    }
    setTimeout(() => requestAnimationFrame(() => this.drawPulses()), 50)
  }
  remove(): void {
    clearTimeout(this.again)
    this.map.remove()
    delete window.baochuMap
    delete window.baochuFeed
    delete document.documentElement.dataset.mapReady
  }
}

function boundsOf(line: Position[]): [number, number, number, number] {
  const xs = line.map((at) => at[0] ?? 0)
  const ys = line.map((at) => at[1] ?? 0)
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

function widened([w, s, e, n]: [number, number, number, number]): [number, number, number, number] {
  const far = 2 * Math.max(e - w, n - s)
  return [w - far, s - far, e + far, n + far]
}
