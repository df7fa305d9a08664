/** What gauges show: all of them when a world opens, then what the stream newly says, and the limits they are held to. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { Problem } from '@/api/client'
import { hazards } from '@/api/hazards'
import { registers } from '@/api/registers'
import type { GaugeNow, Readings } from '@/api/types'
import { inOrder } from '@/lib/inOrder'

/** Windows of rain pass with time alone: all are asked for again so often. */
const AGAIN_MS = 60_000
/** While the past runs by, it is asked for no more often than this. */
export const PAST_MS = 1000

export const useGauges = defineStore('gauges', () => {
  const byCode = ref<Record<string, GaugeNow>>({})
  /** Water level (m) or depth (m) from which a gauge is over, by its code. */
  const limits = ref<Record<string, number>>({})
  const problem = ref<Problem | null>(null)
  const loaded = ref(false)
  /** Grows with every change, for those who redraw. */
  const version = ref(0)
  const all = computed(() => Object.values(byCode.value))
  let world = ''
  let timer: ReturnType<typeof setInterval> | undefined
  /** The moment that is looked at; undefined: now. */
  let moment: string | undefined
  let soon: ReturnType<typeof setTimeout> | undefined
  const ask = inOrder()

  async function load(): Promise<void> {
    const [mine, then] = [world, moment]
    if (!mine) return
    const isNewest = ask()
    const isWanted = () => mine === world && !then === !moment && isNewest()
    try {
      const found = await hazards.gauges(mine, then)
      if (!isWanted()) return
      byCode.value = Object.fromEntries(found.map((one) => [one.code, one]))
      loaded.value = true
      problem.value = null
      version.value += 1
    } catch (cause) {
      if (!isWanted()) return
      if (then) byCode.value = {} // figures of another moment are worse than none
      version.value += 1
      problem.value = cause instanceof Problem ? cause : new Problem(0, '监测站打不开', 'The gauges do not open')
    }
  }
  async function loadLimits(): Promise<void> {
    const of = (key: string) => registers.list(key, { limit: 500 }).then((page) => page.rows.map((row) => row.values)).catch(() => [])
    const [gauges, ...points] = await Promise.all(['gauge', 'underpass', 'waterlogging_point'].map(of))
    const found: Record<string, number> = {}
    for (const row of gauges ?? []) if (typeof row.warning_level_m === 'number') found[String(row.code)] = row.warning_level_m
    for (const row of points.flat())
      if (typeof row.close_cm === 'number' && row.gauge_code) found[String(row.gauge_code)] = Math.min(row.close_cm / 100, found[String(row.gauge_code)] ?? Infinity)
    limits.value = found
    version.value += 1
  }
  function look(at: string | undefined): void {
    const turned = !at !== !moment
    moment = at
    if (turned) {
      clearTimeout(soon)
      soon = undefined
      byCode.value = {}
      version.value += 1
      return void load()
    }
    soon ??= setTimeout(() => {
      soon = undefined
      void load()
    }, PAST_MS)
  }
  function take(frame: Readings): void {
    if (moment) return // the present goes on beside it
    if (frame.missed) return void load()
    let isNew = false
    for (const [code, shown] of Object.entries(frame.gauges ?? {})) {
      const held = byCode.value[code]
      if (held) byCode.value[code] = { ...held, ...shown }
      else isNew = true
    }
    version.value += 1
    if (isNew) void load()
  }
  async function open(name: string): Promise<void> {
    world = name
    clearInterval(timer)
    timer = setInterval(() => void load(), AGAIN_MS)
    await Promise.all([load(), loadLimits()])
  }
  function close(): void {
    clearInterval(timer)
    world = ''
    byCode.value = {}
    limits.value = {}
    loaded.value = false
    problem.value = null
    version.value += 1
  }
  return { byCode, limits, problem, loaded, version, all, load, loadLimits, look, take, open, close }
})
