/** How well an entry fits what was typed: by Chinese or English words, or first letters by sound. Pure. */
export interface Findable {
  /** All names it goes by. */
  names: string[]
  initials?: string
}

/** Higher fits better; 0 fits not at all. All words typed must be found, in any order. */
export function fit(entry: Findable, typed: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const names = entry.names.map((name) => name.toLowerCase())
  let least = 4
  for (const word of words) {
    const here =
      names.some((name) => name.startsWith(word)) || entry.initials === word ? 3
      : names.some((name) => name.includes(word)) ? 2
      : entry.initials?.includes(word) ? 1
      : 0
    least = Math.min(least, here)
  }
  return least
}

export function ranked<E extends Findable>(entries: readonly E[], typed: string): E[] {
  return entries
    .map((entry, i) => ({ entry, i, fit: fit(entry, typed) }))
    .filter((one) => one.fit)
    .sort((a, b) => b.fit - a.fit || a.i - b.i)
    .map((one) => one.entry)
}
