/** Woods, tea, fields and grass: the quiet ground. */
import { mapColour } from '@/style/tokens'
import { vectorSource } from '../sources'
import type { MapLayer } from '../types'

export const landcover: MapLayer = {
  id: 'landcover',
  sources: (ctx) => ({ landcover: vectorSource(ctx) }),
  layers: () => [
    {
      id: 'landcover-fill', slot: 'ground', type: 'fill', 'source-layer': 'landcover',
      paint: {
        'fill-antialias': false,
        'fill-color': [
          'match', ['get', 'kind'],
          ['wood', 'woods', 'forest', 'scrub', 'bamboo'], mapColour.woods,
          ['grass', 'meadow', 'park', 'grassland', 'recreation_ground', 'village_green', 'cemetery', 'garden'], mapColour.grass,
          ['tea', 'orchard', 'vineyard', 'plant_nursery'], mapColour.tea,
          ['farmland', 'farmyard', 'allotments', 'crop'], mapColour.farmland,
          ['wetland', 'marsh', 'mud'], mapColour.wetland,
          ['residential', 'commercial', 'industrial', 'retail', 'built_up', 'urban'], mapColour.settled,
          mapColour.grass,
        ],
      },
    },
  ],
}
