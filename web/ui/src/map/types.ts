import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'
import type { District, LayerEntry } from '@/api/types'

/** What a layer module needs to draw itself. */
export interface MapContext {
  district: District
  entry: LayerEntry
  /** Screen scale: 1 at 1080p, 2 at 4K. */
  scale: number
  lang: 'zh' | 'en'
  /** The address of this layer's tiles. */
  tiles: string
  /** Screen pixels for a length given at 1080p. */
  px(length: number): number
}

/** Drawing order, from the ground up. */
export const SLOTS = ['ground', 'relief', 'surface', 'roads', 'bounds', 'solid', 'labels', 'marks', 'live', 'top', 'scene'] as const
export type Slot = (typeof SLOTS)[number]

export type View = 'flat' | 'relief'

/** Omit that keeps the members of a union apart. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
/** `view`: drawn on the flat map alone, or in the 2.5-D scene alone. */
export type DrawnLayer = Without<LayerSpecification, 'source' | 'metadata'> & { slot: Slot; source?: string; view?: View }

/** One layer of the catalogue on the map. Its main source is named as its id. */
export interface MapLayer {
  id: string
  sources(ctx: MapContext): Record<string, SourceSpecification>
  layers(ctx: MapContext): DrawnLayer[]
}
