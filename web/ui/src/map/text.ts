import { font } from '@/style/tokens'

/** The map draws its letters itself, from the page's own font; no glyph server. */
export const labelFont = [font.map]

/** The running number within a longer one: "2026-0730-012" is "12". */
export function shortNo(no: number | string): string {
  const last = /(\d+)\D*$/.exec(String(no))?.[1]
  return last ? String(Number(last)) : String(no)
}

/** A team's name without what every name begins or ends with. */
export function shortName(name: string): string {
  const short = name.replace(/^(演示|杭州市|西湖区|杭州)+/, '').replace(/(应急)?(救援)?(大队|支队|中队|队伍|队)$/, (tail) => (tail.endsWith('队') ? '队' : ''))
  return [...short].length >= 2 ? short : name
}
