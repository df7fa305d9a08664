import { expect, it } from 'vitest'
import { kindSaid } from './kindSaid'

it('reads the kind from what a caller says, and offers none where nothing names it', () => {
  expect(['下穿通道积水', '南高峰山火', '民房着火', '留转路边坡塌方', '有人被困电梯'].map(kindSaid)).toEqual(['flood', 'forest_fire', 'city_fire', 'geohazard', ''])
})
