/** Drawing and reshaping one row's geometry on a map, by terra-draw. */
import type { Geometry } from 'geojson'
import type { Map as MapLibre } from 'maplibre-gl'
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawSelectMode, type GeoJSONStoreFeatures } from 'terra-draw'
import { TerraDrawMapLibreGLAdapter } from 'terra-draw-maplibre-gl-adapter'
import { colour } from '@/style/tokens'
import { joined, partsOf, rounded, type Part, type Tool } from './shape'

type Hex = `#${string}`
const [ink, dark] = [colour.accent as Hex, colour.ground as Hex]

export class Editor {
  private readonly draw: TerraDraw
  private quiet = false

  constructor(map: MapLibre, private readonly kind: string, private readonly tool: Tool, scale: number, private readonly onChange: (geometry: Geometry | null) => void) {
    const line = { lineStringColor: ink, lineStringWidth: 3 * scale, closingPointColor: ink, closingPointWidth: 5 * scale }
    const area = { fillColor: ink, fillOpacity: 0.15, outlineColor: ink, outlineWidth: 2.5 * scale, closingPointColor: ink, closingPointWidth: 5 * scale }
    const coordinates = { midpoints: true, draggable: true, deletable: true }
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 9 }),
      modes: [
        new TerraDrawPointMode({ editable: true, styles: { pointColor: ink, pointWidth: 8 * scale, pointOutlineColor: dark, pointOutlineWidth: 2 * scale } }),
        new TerraDrawLineStringMode({ styles: line }),
        new TerraDrawPolygonMode({ styles: area }),
        new TerraDrawSelectMode({
          flags: { linestring: { feature: { draggable: true, coordinates } }, polygon: { feature: { draggable: true, coordinates } } },
          styles: {
            selectedLineStringColor: ink, selectedLineStringWidth: 3 * scale, selectedPolygonColor: ink, selectedPolygonFillOpacity: 0.15, selectedPolygonOutlineColor: ink,
            selectedPolygonOutlineWidth: 2.5 * scale, selectionPointColor: colour.text as Hex, selectionPointWidth: 5 * scale, selectionPointOutlineColor: ink, selectionPointOutlineWidth: 2 * scale,
            midPointColor: ink, midPointWidth: 3.5 * scale,
          },
        }),
      ],
    })
    this.draw.start()
    this.draw.on('finish', () => this.told())
  }
  private parts(): GeoJSONStoreFeatures[] {
    return this.draw.getSnapshot().filter((feature) => feature.properties.mode === this.tool && !feature.properties.selectionPoint && !feature.properties.midPoint)
  }
  /** One part for registers of one; the newest stays. */
  private told(): void {
    if (this.quiet) return
    const parts = this.parts()
    if (!this.kind.startsWith('MULTI') && parts.length > 1) this.draw.removeFeatures(parts.slice(0, -1).map((part) => part.id!))
    this.onChange(joined(this.kind, this.parts().map((part) => rounded(part.geometry as Part))))
  }
  set(geometry: Geometry | null): void {
    this.quiet = true
    this.draw.clear()
    const features = partsOf(geometry).map((part) => ({ type: 'Feature' as const, geometry: rounded(part), properties: { mode: this.tool } }))
    if (features.length) this.draw.addFeatures(features as GeoJSONStoreFeatures[])
    this.mode(this.tool !== 'point' && geometry ? 'select' : this.tool)
    this.quiet = false
  }
  mode(mode: Tool | 'select'): void {
    this.draw.setMode(mode)
  }
  /** Whatever is selected goes; with nothing selected, the last part. */
  removePart(): void {
    const parts = this.parts()
    const gone = parts.filter((part) => part.properties.selected)
    const ids = (gone.length ? gone : parts.slice(-1)).map((part) => part.id!)
    for (const id of gone) this.draw.deselectFeature(id.id!)
    this.draw.removeFeatures(ids)
    this.told()
  }
  remove(): void {
    this.draw.stop()
  }
}
