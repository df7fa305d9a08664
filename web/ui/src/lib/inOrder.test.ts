import { expect, it } from 'vitest'
import { inOrder } from './inOrder'

it('lets go of an answer that a later one has overtaken', () => {
  const ask = inOrder()
  const [first, second, third] = [ask(), ask(), ask()]
  expect(second()).toBe(true)
  expect(first()).toBe(false)
  expect(third()).toBe(true)
})
