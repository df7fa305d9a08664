import { describe, expect, it } from 'vitest'
import { typed } from './wind'

describe('a typed number', () => {
  it('leaves it to the gauge where nothing is typed', () => {
    expect(typed('  ', 60)).toBeNull()
  })
  it('is a number within its bounds, and wrong beyond', () => {
    expect(typed('4.5', 60)).toBe(4.5)
    expect(typed('0', 60)).toBe(0)
    expect(typed('61', 60)).toBeUndefined()
    expect(typed('north', 360)).toBeUndefined()
  })
})
