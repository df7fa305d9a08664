/** One row being looked at or written: how it stands, what is typed over it, what the checks say, and saving it. */
import type { Geometry } from 'geojson'
import { computed, onBeforeUnmount, reactive, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/client'
import { registers, type Answers, type Finding, type RegisterDef, type Row, type Value, type Values } from '@/api/registers'
import { useDraft } from '@/lib/draft'
import { useSession } from '@/stores/session'
import { NEW } from './filter'
import { useDesk } from './store'
import { changed, clashes, merged, same } from './values'

interface Typed {
  /** The version that the typing began on, and how the row stood then. */
  version: number
  seen: Values
  edits: Values
  moved: boolean
  geometry: Geometry | null
  answers: Answers
  reason: string
}
const CHECK_MS = 400
const blank = (): Typed => ({ version: 0, seen: {}, edits: {}, moved: false, geometry: null, answers: {}, reason: '' })

export function useRowForm(register: RegisterDef, id: string) {
  const desk = useDesk()
  const session = useSession()
  const isNew = id === NEW
  const row = shallowRef<Row | null>(null)
  const problem = ref<Problem | null>(null)
  const fault = ref<Problem | null>(null)
  const findings = ref<Finding[]>([])
  const checking = ref(false)
  const busy = ref(false)
  // Identity never lies in the browser's store: what is typed of it is lost with the page.
  const secrets = reactive<Values>({})
  const draft = useDraft<Typed>(`row:${session.account?.username ?? ''}:${register.key}:${id}`, blank)
  const kept = ref(draft.touched())
  let asking = new AbortController()
  let waiting = 0

  const edits = computed(() => ({ ...draft.value.edits, ...secrets }))
  const geometry = computed(() => (draft.value.moved ? draft.value.geometry : (row.value?.geometry ?? null)))
  const dirty = computed(() => Object.keys(edits.value).length > 0 || draft.value.moved)
  const readOnly = computed(() => !desk.canEdit || Boolean(row.value?.valid_to) || !(isNew || row.value))
  const stale = computed(() => dirty.value && !isNew && row.value !== null && draft.value.version > 0 && draft.value.version !== row.value.version)
  const clash = computed(() => (stale.value ? clashes(draft.value.seen, row.value!.values, edits.value) : []))
  const blocking = computed(() => findings.value.filter((one) => one.level === 'error' || one.level === 'question').length)

  async function load(): Promise<void> {
    problem.value = null
    if (isNew) return
    try {
      row.value = desk.view.at ? desk.openRow : await registers.get(register.key, id)
    } catch (cause) {
      problem.value = cause instanceof Problem ? cause : new Problem(0, String(cause), String(cause))
    }
  }
  const valueOf = (name: string): Value => (name in edits.value ? edits.value[name]! : (row.value?.values[name] ?? null))
  /** Typing begins on the version in sight. */
  function begin(): void {
    if (draft.value.version || !row.value) return
    draft.value.version = row.value.version
    draft.value.seen = { ...row.value.values }
  }
  function set(name: string, value: Value, secret = false): void {
    begin()
    const to = secret ? secrets : draft.value.edits
    if (!secret && same(value, row.value?.values[name] ?? null)) delete to[name]
    else to[name] = value
    delete draft.value.answers[name]
    if (!dirty.value) reset()
  }
  function unset(name: string): void {
    delete secrets[name]
    delete draft.value.edits[name]
  }
  function move(to: Geometry | null): void {
    begin()
    draft.value.moved = JSON.stringify(to) !== JSON.stringify(row.value?.geometry ?? null)
    draft.value.geometry = draft.value.moved ? to : null
  }
  function answer(name: string, with_: 'accept' | 'keep' | null): void {
    if (with_) draft.value.answers[name] = with_
    else delete draft.value.answers[name]
  }
  function reset(): void {
    const { reason } = draft.value
    draft.clear()
    draft.value.reason = reason
    if (!reason) draft.clear()
    for (const name of Object.keys(secrets)) delete secrets[name]
    findings.value = []
    fault.value = null
  }
  function discard(): void {
    draft.value.reason = ''
    reset()
    kept.value = false
    desk.shape = isNew && register.geometry ? null : undefined
    desk.shapeReset++
  }
  async function check(): Promise<void> {
    asking.abort()
    asking = new AbortController()
    const { signal } = asking
    checking.value = true
    try {
      const found = await registers.check(register.key, { ...merged(register, row.value, draft.value.edits), ...secrets }, geometry.value, draft.value.answers, signal)
      if (!signal.aborted) findings.value = found
    } catch (cause) {
      if (!signal.aborted) fault.value = cause instanceof Problem ? cause : null
    } finally {
      if (!signal.aborted) checking.value = false
    }
  }
  watch(
    () => JSON.stringify([edits.value, draft.value.geometry, draft.value.answers, row.value?.version]),
    () => {
      clearTimeout(waiting)
      if (readOnly.value || !dirty.value) return
      fault.value = null
      checking.value = true
      waiting = window.setTimeout(() => void check(), CHECK_MS)
    },
    { immediate: true },
  )
  onBeforeUnmount(() => {
    clearTimeout(waiting)
    asking.abort()
  })

  /** Goes on from the version as it is now; what is typed stays. */
  function rebase(): void {
    draft.value.version = row.value!.version
    draft.value.seen = { ...row.value!.values }
    draft.value.edits = changed(row.value, draft.value.edits)
  }
  async function save(): Promise<Row | null> {
    busy.value = true
    fault.value = null
    const { reason, answers, moved, geometry: to } = draft.value
    try {
      const saved = isNew
        ? await registers.create(register.key, { ...merged(register, null, draft.value.edits), ...secrets }, to, answers, reason.trim())
        : await registers.change(register.key, id, draft.value.version || row.value!.version, { ...changed(row.value, draft.value.edits), ...secrets }, moved ? to : undefined, answers, reason.trim())
      draft.value.reason = ''
      reset()
      kept.value = false
      desk.shape = undefined
      if (!isNew) row.value = saved
      return saved
    } catch (cause) {
      fault.value = cause instanceof Problem ? cause : new Problem(0, String(cause), String(cause))
      if (fault.value.status === 409 && fault.value.field === 'version') await load()
      return null
    } finally {
      busy.value = false
    }
  }
  void load()
  return reactive({ isNew, row, problem, fault, findings, checking, busy, secrets, draft: draft.value, kept, edits, geometry, dirty, readOnly, stale, clash, blocking, load, valueOf, set, unset, move, answer, discard, rebase, save })
}
export type RowForm = ReturnType<typeof useRowForm>
