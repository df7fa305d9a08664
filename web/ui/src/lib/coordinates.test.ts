import { expect, it } from 'vitest'
import { readPoint } from './coordinates'

const hangzhou: [number, number, number, number] = [119.99, 30.08, 120.16, 30.34]
const monaco: [number, number, number, number] = [7.4, 43.72, 7.44, 43.76]

it('reads a point anywhere, longitude first', () => {
  expect(readPoint('120.1, 30.2', hangzhou)).toEqual({ lon: 120.1, lat: 30.2 })
  expect(readPoint(' 120.1，30.2 ', hangzhou)).toEqual({ lon: 120.1, lat: 30.2 })
  expect(readPoint('7.42 43.74', monaco)).toEqual({ lon: 7.42, lat: 43.74 })
  expect(readPoint('120.17, 30.2', hangzhou)).toEqual({ lon: 120.17, lat: 30.2 })
})

it('says when it lies outside, and leaves other words alone', () => {
  expect(readPoint('30.2, 120.1', hangzhou)).toBeNull()
  expect(readPoint('30.2, 12.1', hangzhou)).toBe('outside')
  expect(readPoint('7.42, 43.74', hangzhou)).toBe('outside')
  expect(readPoint('湖', hangzhou)).toBeNull()
  expect(readPoint('120.1', hangzhou)).toBeNull()
  expect(readPoint('120.1, 30.2', undefined)).toBeNull()
})
