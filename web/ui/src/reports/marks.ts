/** The marks 〔n〕 of sources in a document's text. */
export interface Piece {
  text: string
  /** The number of a source; 0 for words. */
  n: number
}
const MARK = /〔(\d+)〕/g

/** `most`: so many sources there are; a document's number such as 〔2026〕 is no mark. */
export function piecesOf(text: string, most = Infinity): Piece[] {
  const out: Piece[] = []
  let from = 0
  for (const found of text.matchAll(MARK)) {
    if (Number(found[1]) > most) continue
    if (found.index > from) out.push({ text: text.slice(from, found.index), n: 0 })
    out.push({ text: found[0], n: Number(found[1]) })
    from = found.index + found[0].length
  }
  if (from < text.length) out.push({ text: text.slice(from), n: 0 })
  return out
}
