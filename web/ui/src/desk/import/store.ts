/** One import as the wizard goes through it. The job lives on the server; its id stands in the address. */
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { Problem } from '@/api/client'
import { imports, type Found, type Job, type Preview, type Terms } from '@/api/imports'
import { registers, type RegisterDef } from '@/api/registers'

export type Step = 'file' | 'fields' | 'report' | 'done'
export const STEPS: Step[] = ['file', 'fields', 'report', 'done']
export const answerKey = (found: Found) => `${found.row}:${found.field}`
const fresh = (): Terms => ({ layer: null, datum: '', mapping: {}, answers: {}, replace: false, demo: false, keep_datum: false })
const problemOf = (cause: unknown) => (cause instanceof Problem ? cause : new Problem(0, String(cause), String(cause)))
const draftOf = (id: string) => `import:${id}`

/** Which of several answers a terms' draft holds; a broken draft is none. */
function drafted(id: string): Partial<Terms> {
  try {
    return JSON.parse(sessionStorage.getItem(draftOf(id)) ?? '{}') as Partial<Terms>
  } catch {
    return {}
  }
}

export function useImport(key: string) {
  const register = shallowRef<RegisterDef | null>(null)
  const job = shallowRef<Job | null>(null)
  const preview = shallowRef<Preview | null>(null)
  const recent = shallowRef<Job[]>([])
  const terms = reactive(fresh())
  const back = ref(false)
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  /** Whether an answer was given since the last check. */
  const stale = ref(false)

  const step = computed<Step>(() => {
    if (!job.value) return 'file'
    if (job.value.state === 'confirmed') return 'done'
    return back.value || job.value.state === 'uploaded' ? 'fields' : 'report'
  })
  const fields = computed(() => register.value?.fields ?? [])
  const missing = computed(() => {
    const taken = new Set(Object.values(terms.mapping))
    return fields.value.filter((field) => field.required && !taken.has(field.name))
  })
  const twice = computed(() => Object.values(terms.mapping).find((name, i, all) => name && all.indexOf(name) !== i))
  const placed = computed(() => {
    const taken = new Set(Object.values(terms.mapping))
    if (!register.value?.geometry || !register.value.geometry_required) return true
    return Boolean(preview.value?.has_shapes) || taken.has('wkt') || (taken.has('lon') && taken.has('lat'))
  })
  const ready = computed(() => terms.datum !== '' && missing.value.length === 0 && placed.value && !twice.value)

  async function doing<R>(act: () => Promise<R>): Promise<R | undefined> {
    busy.value = true
    problem.value = null
    try {
      return await act()
    } catch (cause) {
      problem.value = problemOf(cause)
    } finally {
      busy.value = false
    }
  }
  async function load(): Promise<void> {
    await doing(async () => {
      register.value = (await registers.all()).find((one) => one.key === key) ?? null
      const id = new URLSearchParams(location.search).get('job')
      if (id) await open(await imports.get(id))
      recent.value = (await imports.list(key)).filter((one) => one.state !== 'confirmed')
    })
  }
  async function open(one: Job): Promise<void> {
    const said = one.terms ?? drafted(one.id)
    preview.value = one.state === 'confirmed' ? null : await imports.preview(one.id, said.layer ?? null)
    Object.assign(terms, fresh(), { mapping: { ...preview.value?.mapping }, layer: preview.value?.layer ?? null }, said)
    job.value = one
    back.value = stale.value = false
    history.replaceState(null, '', `?job=${one.id}`)
  }
  const upload = (file: File) => doing(async () => open(await imports.upload(key, file)))
  const service = (url: string, layer: string) => doing(async () => open(await imports.service(key, url, layer || null)))
  const resume = (one: Job) => doing(() => open(one))
  const relayer = (layer: string) =>
    doing(async () => {
      preview.value = await imports.preview(job.value!.id, layer)
      Object.assign(terms, { layer, mapping: { ...preview.value.mapping }, answers: {} })
    })
  const sheet = (file: File) => doing(async () => (terms.mapping = await imports.mapping(job.value!.id, terms.layer, file)))
  const check = () =>
    doing(async () => {
      const mapping = Object.fromEntries(Object.entries(terms.mapping).filter(([, field]) => field))
      job.value = await imports.check(job.value!.id, { ...terms, mapping })
      back.value = stale.value = false
    })
  const confirm = (reason: string) =>
    doing(async () => {
      job.value = await imports.confirm(job.value!.id, reason)
      sessionStorage.removeItem(draftOf(job.value.id))
    })
  async function leave(): Promise<void> {
    job.value = preview.value = null
    problem.value = null
    Object.assign(terms, fresh())
    history.replaceState(null, '', location.pathname)
    recent.value = (await imports.list(key).catch(() => [])).filter((one) => one.state !== 'confirmed')
  }
  const giveUp = (one: Job) => doing(async () => imports.drop(one.id).then(leave))
  function answer(name: string, said: 'accept' | 'keep' | null): void {
    if (said) terms.answers[name] = said
    else delete terms.answers[name]
    stale.value = true
  }

  watch(terms, () => job.value?.state === 'uploaded' && sessionStorage.setItem(draftOf(job.value.id), JSON.stringify(terms)), { deep: true })
  return { register, job, preview, recent, terms, back, busy, problem, stale, step, fields, missing, twice, placed, ready, load, upload, service, resume, relayer, sheet, check, confirm, leave, giveUp, answer }
}
export type Import = ReturnType<typeof useImport>
