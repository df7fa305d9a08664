/** A point typed as "lon, lat". */
export type Typed = { lon: number; lat: number } | 'outside' | null

/** A little beyond the bounds is still let in: incidents do not stop at a border. */
const BEYOND = 0.1
const PAIR = /^(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,2}(?:\.\d+)?)$/

/** The point, or that it lies outside; null where the text is no pair of figures. */
export function readPoint(text: string, bounds: [number, number, number, number] | undefined): Typed {
  const found = PAIR.exec(text.trim())
  if (!found || !bounds) return null
  const [lon, lat] = [Number(found[1]), Number(found[2])]
  const [w, s, e, n] = bounds
  const [x, y] = [(e - w) * BEYOND, (n - s) * BEYOND]
  return lon >= w - x && lon <= e + x && lat >= s - y && lat <= n + y ? { lon, lat } : 'outside'
}
