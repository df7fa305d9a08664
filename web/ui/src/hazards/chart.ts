/** A gauge's course as a chart: bars and their sum for rain, a line and its limit for the others, dots for a direction. Pure. */
import type { Series } from '@/api/hazards'
import { timeOf } from '@/lib/time'
import { colour, font, mapColour } from '@/style/tokens'

export const SPANS = [3, 12, 24, 72] as const
export const stepOf = (hours: number) => (hours <= 12 ? 600 : 3600)
export interface ChartWords {
  value: string
  total: string
  doubt: string
  limit: string
}
/** Depth is shown in cm, as the duty room speaks of it. */
export const factorOf = (series: Series) => (series.element === 'depth' ? 100 : 1)
export const missingIn = (series: Series) => series.steps.filter((one) => one.value === null).length

/** In which step a moment lies. */
export function stepAt(series: Series, at: string): number {
  const first = series.steps[0]
  return first ? Math.floor((Date.parse(at) - Date.parse(first.at)) / (series.step_s * 1000)) : -1
}

/** `px`: the root size; `now`: world time. */
export function chartOption(series: Series, limit: number | null, words: ChartWords, now: number, px: number) {
  const rain = series.element === 'rain'
  const factor = factorOf(series)
  const turns = series.element === 'wind_direction'
  const shown = (value: number | null) => (value === null ? null : Math.round(value * factor * 100) / 100)
  const values = series.steps.map((one) => shown(one.value))
  const doubts = series.doubts.map((one) => [stepAt(series, one.at), shown(one.value)]).filter(([k]) => k! >= 0 && k! < values.length)
  const gaps = values.flatMap((value, k) => (value === null ? [[{ xAxis: k }, { xAxis: k }]] : []))
  const label = { color: colour.quiet, fontSize: px * 0.875 }
  const line = { lineStyle: { color: colour.line } }
  const highest = Math.max(0, ...values.map((value) => value ?? 0))
  const line0 = limit === null ? [] : [{ yAxis: limit * factor }]
  return {
    animation: false,
    textStyle: { fontFamily: font.text },
    grid: { left: px * 3, right: px * (rain ? 3 : 1), top: px * 1.75, bottom: px * 1.75 },
    tooltip: { trigger: 'axis', backgroundColor: colour.panel, borderColor: colour.lineStrong, textStyle: { color: colour.text, fontSize: px * 0.875 } },
    xAxis: { type: 'category', data: series.steps.map((one) => timeOf(one.at, now)), axisLabel: { ...label, hideOverlap: true }, axisLine: line, axisTick: { show: false }, boundaryGap: true },
    yAxis: [
      { type: 'value', scale: series.element === 'water_level', axisLabel: { ...label, showMaxLabel: limit === null }, splitLine: line, splitNumber: 3, ...(turns ? { min: 0, max: 360, interval: 90 } : {}), ...(limit === null ? {} : { max: Math.ceil(Math.max(highest, limit * factor) * 1.1 * 10) / 10 }) },
      ...(rain ? [{ type: 'value', axisLabel: label, splitLine: { show: false }, splitNumber: 3 }] : []),
    ],
    series: [
      {
        name: words.value, type: rain ? 'bar' : turns ? 'scatter' : 'line', data: values, symbol: 'circle', symbolSize: px / 4, showAllSymbol: true, barCategoryGap: '20%', connectNulls: false,
        itemStyle: { color: mapColour.depths[1] }, lineStyle: { color: mapColour.depths[1], width: px / 8 },
        markArea: { silent: true, itemStyle: { color: colour.lineStrong, opacity: 0.35 }, data: gaps },
        ...(line0.length ? { markLine: { silent: true, symbol: 'none', lineStyle: { color: colour.text, type: 'dashed' }, label: { color: colour.text, formatter: words.limit, position: 'insideStartTop' }, data: line0 } } : {}),
      },
      ...(rain ? [{ name: words.total, type: 'line', yAxisIndex: 1, data: series.steps.map((one) => shown(one.total)), symbol: 'none', lineStyle: { color: colour.text, width: px / 8, type: missingIn(series) ? 'dashed' : 'solid' }, itemStyle: { color: colour.text } }] : []),
      ...(doubts.length ? [{ name: words.doubt, type: 'scatter', data: doubts, symbol: 'path://M0 0L8 8M8 0L0 8', symbolSize: px * 0.625, itemStyle: { color: 'transparent', borderColor: colour.text, borderWidth: px / 8 } }] : []),
    ],
  }
}
