import { expect, it } from 'vitest'
import type { LayerEntry } from '@/api/types'
import { treeOf } from './legend'

const layer = (id: string, group: string, theme = '', register = ''): LayerEntry =>
  ({ id, group, theme_zh: theme, theme_en: theme, register_key: register || null }) as LayerEntry

it('shows what happens first, registers by their group, the base map last', () => {
  const tree = treeOf([
    layer('roads', 'base'), layer('admin', 'base', '', 'admin_unit'), layer('population', 'reference'), layer('shelters', 'reference', 'Resources', 'shelter'),
    layer('geohazard_zone', 'reference', 'Natural hazards', 'geohazard_zone'), layer('vehicle', 'reference', 'Resources', 'vehicle'), layer('incidents', 'situation'),
  ])
  expect(tree.map((group) => group.id)).toEqual(['situation', 'reference', 'theme-natural-hazards', 'theme-resources', 'base'])
  expect(tree[3]!.layers.map((one) => one.id)).toEqual(['shelters', 'vehicle'])
})
