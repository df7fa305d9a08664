/** What the desk shows: the register, the filter, the page of rows, what is chosen, what is open. */
import type { Geometry } from 'geojson'
import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/client'
import { registers, type Page, type Places, type RegisterDef } from '@/api/registers'
import { goTo } from '@/router'
import { addressOf, freshView, NEW, PAGE_ROWS, queryOf, range, viewOf } from './filter'
import { useNames } from './names'

const problemOf = (cause: unknown) => (cause instanceof Problem ? cause : new Problem(0, String(cause), String(cause)))
export const MOST_CHOSEN = 2000

export const useDesk = defineStore('desk', () => {
  const names = useNames()
  const all = ref<RegisterDef[] | null>(null)
  const allProblem = ref<Problem | null>(null)
  const key = ref('')
  const register = computed(() => all.value?.find((one) => one.key === key.value) ?? null)
  const view = reactive(freshView())
  const page = shallowRef<Page | null>(null)
  const places = shallowRef<Places | null>(null)
  const problem = ref<Problem | null>(null)
  const loading = ref(false)
  const chosen = ref(new Set<string>())
  const hovered = ref('')
  /** A shape being edited (undefined: none), and one of the past to look at. */
  const shape = shallowRef<Geometry | null | undefined>(undefined)
  const past = shallowRef<Geometry | null>(null)
  /** The open row's shape as it stands in its form; raised when the form sets the shape being edited itself. */
  const openGeometry = shallowRef<Geometry | null>(null)
  const shapeReset = ref(0)
  const bulkOpen = ref(false)
  let anchor = ''
  let asking = new AbortController()

  const mayEdit = computed(() => register.value?.may.includes('edit') ?? false)
  const canEdit = computed(() => mayEdit.value && !view.at)
  const rows = computed(() => page.value?.rows ?? [])
  const pages = computed(() => Math.max(1, Math.ceil((page.value?.total ?? 0) / PAGE_ROWS)))
  const openRow = computed(() => rows.value.find((row) => row.id === view.row) ?? null)

  async function loadAll(): Promise<void> {
    allProblem.value = null
    try {
      all.value = await registers.all()
    } catch (cause) {
      allProblem.value = problemOf(cause)
    }
  }
  /** Shows a register as an address says, from scratch. */
  function enter(to: string, search = ''): void {
    key.value = to
    Object.assign(view, viewOf(search))
    page.value = places.value = problem.value = null
    chosen.value = new Set()
    hovered.value = ''
    shape.value = undefined
    past.value = openGeometry.value = null
    bulkOpen.value = false
    void load()
  }
  async function load(): Promise<void> {
    if (!register.value) return
    asking.abort()
    const { signal } = (asking = new AbortController())
    const [of, query] = [register.value, queryOf(view)]
    loading.value = true
    problem.value = null
    try {
      const paged = { ...query, order: view.order, descending: view.descending, limit: PAGE_ROWS, offset: view.page * PAGE_ROWS }
      const [found, lie] = await Promise.all([registers.list(of.key, paged, signal), of.geometry ? registers.places(of.key, query, signal) : null])
      if (view.page && !found.rows.length && found.total) return void (view.page = Math.ceil(found.total / PAGE_ROWS) - 1)
      page.value = found
      places.value = lie
      names.learnRows(of, found.rows)
    } catch (cause) {
      if (!signal.aborted) problem.value = problemOf(cause)
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }
  /** Something was written: the rows and the counts are asked for again. */
  async function refresh(): Promise<void> {
    await Promise.all([load(), loadAll()])
  }

  watch(() => addressOf(view), (address) => history.replaceState(null, '', location.pathname + address))
  watch(() => JSON.stringify([queryOf(view), view.order, view.descending]), (now, before) => {
    if (now === before || !register.value || !page.value) return
    if (view.page) view.page = 0
    else void load()
  })
  watch(() => view.page, () => page.value && void load())
  watch(register, (now, before) => now && !before && void load())

  function open(row: string): void {
    view.row = row
    shape.value = undefined
    past.value = openGeometry.value = null
  }
  function step(by: number): void {
    const at = rows.value.findIndex((row) => row.id === view.row)
    const next = rows.value[at + by]
    if (next) open(next.id)
  }
  function choose(id: string, shift = false): void {
    const to = new Set(chosen.value)
    const on = !to.has(id)
    for (const one of shift ? range(rows.value.map((row) => row.id), anchor, id) : [id]) on ? to.add(one) : to.delete(one)
    anchor = id
    chosen.value = to
  }
  function choosePage(on: boolean): void {
    const to = new Set(chosen.value)
    for (const row of rows.value) on ? to.add(row.id) : to.delete(row.id)
    chosen.value = to
  }
  /** Every row of the filter as it stands now; at most what can be changed at once. */
  async function chooseAll(): Promise<void> {
    const to = new Set<string>()
    for (let offset = 0; offset < Math.min(page.value?.total ?? 0, MOST_CHOSEN); offset += 500)
      for (const row of (await registers.list(key.value, { ...queryOf(view), limit: 500, offset })).rows) to.add(row.id)
    chosen.value = to
  }
  function go(to: string): void {
    goTo({ name: 'registers', key: to })
  }
  return {
    all, allProblem, key, register, view, page, places, problem, loading, chosen, hovered, shape, past, openGeometry, shapeReset, bulkOpen, mayEdit, canEdit, rows, pages, openRow,
    loadAll, enter, load, refresh, open, step, choose, choosePage, chooseAll, go, NEW,
  }
})
