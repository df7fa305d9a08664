import { expect, it } from 'vitest'
import { fit, ranked } from './match'

const report = { names: ['接报', 'Report'], initials: 'jb' }
const callouts = { names: ['叫应', 'Call-outs'], initials: 'jy' }

it('is found by Chinese, English and the first letters of its sound', () => {
  for (const typed of ['接', 'rep', 'JB', 'j']) expect(fit(report, typed), typed).toBeGreaterThan(0)
  expect(fit(report, 'jy')).toBe(0)
})
it('needs every word, and puts the better fit first', () => {
  expect(fit({ names: ['转塘中学 避灾点'] }, '避灾 转塘')).toBeGreaterThan(0)
  expect(fit({ names: ['转塘中学'] }, '避灾 转塘')).toBe(0)
  expect(ranked([{ names: ['人员转移'], initials: 'ryzy' }, { names: ['移动'] }], '移').map((one) => one.names[0])).toEqual(['移动', '人员转移'])
  expect(ranked([report, callouts], 'j')).toEqual([report, callouts])
})
