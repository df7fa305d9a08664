/** The field (现场): one's work as last known, and acts that wait until the server has answered each of them once. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, toRaw } from 'vue'
import { answer, client, Problem } from '@/api/client'
import type { components } from '@/api/schema.gen'
import { uuid } from '@/lib/uuid'
import { worldTime } from '@/live/clock'
import { useSession } from '@/stores/session'
import * as kept from './kept'
import type { KeptAct } from './kept'

export type Mine = components['schemas']['MineOut']
type Act = components['schemas']['ActOut']
type PositionIn = components['schemas']['PositionIn']
const EVERY_MS = 15_000
const AT_ONCE = 50

export const useField = defineStore('field', () => {
  const session = useSession()
  const world = ref('')
  const account = ref('')
  const post = ref('')
  const mine = shallowRef<Mine | null>(null)
  const keptAt = ref(0)
  const offset = ref(0)
  const acts = ref<KeptAct[]>([])
  const problem = ref<Problem | null>(null)
  const reached = ref(false)
  const tick = ref(Date.now())
  let position: PositionIn | null = null
  let timer: ReturnType<typeof setInterval> | undefined
  let ticking: ReturnType<typeof setInterval> | undefined
  let watching: number | undefined
  const busy = shallowRef<Promise<void> | null>(null)
  let again = false

  const waiting = computed(() => acts.value.filter((act) => act.state === 'waiting'))
  const refused = computed(() => acts.value.filter((act) => act.state === 'refused'))
  const ageS = computed(() => (keptAt.value ? Math.max(0, (tick.value - keptAt.value) / 1000) : Infinity))
  const worldNow = computed(() => (mine.value ? worldTime(mine.value.clock, tick.value + offset.value) : tick.value))
  const isDrill = computed(() => world.value.startsWith('drill'))

  async function open(name: string): Promise<void> {
    close()
    world.value = name
    const last = await kept.work(name)
    if (last && (!session.account || session.account.username === last.account)) {
      ;[account.value, post.value, keptAt.value, offset.value] = [last.account, last.post, last.at, last.offset]
      mine.value = last.mine as Mine
    }
    if (session.account) [account.value, post.value] = [session.account.username, session.account.post]
    await reread()
    timer = setInterval(() => void sync(), EVERY_MS)
    ticking = setInterval(() => (tick.value = Date.now()), 1000)
    window.addEventListener('online', sync)
    document.addEventListener('visibilitychange', sync)
    watching = navigator.geolocation?.watchPosition(placed, () => undefined, { enableHighAccuracy: true, maximumAge: 30_000 })
    await sync()
  }
  function close(): void {
    clearInterval(timer)
    clearInterval(ticking)
    window.removeEventListener('online', sync)
    document.removeEventListener('visibilitychange', sync)
    if (watching !== undefined) navigator.geolocation.clearWatch(watching)
    ;[mine.value, keptAt.value, acts.value] = [null, 0, []]
  }
  function placed({ coords, timestamp }: GeolocationPosition): void {
    const at = mine.value ? worldTime(mine.value.clock, timestamp + offset.value) : timestamp
    position = { lon: coords.longitude, lat: coords.latitude, accuracy_m: coords.accuracy, at: new Date(at).toISOString() }
  }
  const where = () => position
  async function reread(): Promise<void> {
    acts.value = account.value ? await kept.acts(account.value, world.value) : []
  }

  /** Keeps an act on the phone and tries to send it. It is safe from then on. */
  async function add(kind: string, about: string, label: string, body: Record<string, unknown>, photo?: Blob): Promise<void> {
    tick.value = Date.now()
    const happened_at = new Date(worldNow.value).toISOString()
    const made = Math.max(Date.now(), (acts.value.at(-1)?.made ?? 0) + 1)
    const act: KeptAct = { id: uuid(), account: account.value, world: world.value, kind, happened_at, body, about, label, made, state: 'waiting', problem: null }
    await kept.put(photo ? { ...act, photo } : act)
    await reread()
    void sync()
  }
  async function dismiss(id: string): Promise<void> {
    await kept.drop(id)
    await reread()
  }

  async function settle(act: KeptAct, problem: { zh: string; en: string } | null): Promise<void> {
    if (problem) await kept.put({ ...toRaw(act), state: 'refused', problem })
    else await kept.drop(act.id)
  }
  const path = () => ({ params: { path: { world: world.value } } })
  const post_ = (some: KeptAct[]) =>
    answer<{ acts: Act[] }>(
      client.POST('/api/worlds/{world}/field/acts', {
        ...path(),
        body: { acts: some.map(({ id, kind, happened_at, body }) => ({ id, kind, happened_at, body })), position },
      }),
    )
  async function send(some: KeptAct[]): Promise<void> {
    try {
      const { acts: answers } = await post_(some)
      for (const [n, got] of answers.entries()) {
        const act = some[n]
        if (act) await settle(act, got.state === 'refused' ? { zh: got.problem_zh, en: got.problem_en } : null)
      }
    } catch (cause) {
      if (!(cause instanceof Problem) || ![409, 422].includes(cause.status) || !some.length) throw cause
      if (some.length === 1 && some[0]) return settle(some[0], cause) // this one will never do
      for (const act of some) await send([act])
    }
  }
  async function sendPhoto(act: KeptAct): Promise<void> {
    const body = act.photo ?? new Blob()
    const query = { name: String(act.body['name']), taken_at: act.happened_at, ...(position ? { lon: position.lon, lat: position.lat } : {}) }
    try {
      await answer<unknown>(
        client.POST('/api/worlds/{world}/tasks/{task_id}/attachments', {
          params: { path: { world: act.world, task_id: String(act.body['task_id']) }, query },
          body: body as unknown as string,
          bodySerializer: () => body,
          headers: { 'Content-Type': 'application/octet-stream' },
        }),
      )
      await settle(act, null)
    } catch (cause) {
      if (!(cause instanceof Problem) || cause.status === 0 || cause.status === 401 || cause.status >= 500) throw cause
      await settle(act, cause)
    }
  }
  async function exchange(): Promise<void> {
    const all = (await kept.acts(account.value, world.value)).filter((act) => act.state === 'waiting')
    let some: KeptAct[] = []
    const flush = async () => {
      await send(some)
      some = []
    }
    for (const act of all) {
      if (act.kind === 'photo') {
        await flush()
        await sendPhoto(act)
      } else if (some.push(act) === AT_ONCE) await flush()
    }
    await flush() // even nothing is a sign of life
    const got = await answer<Mine>(client.GET('/api/worlds/{world}/field/mine', path()))
    mine.value = got
    keptAt.value = Date.now()
    offset.value = Date.parse(got.real_at) - keptAt.value
    post.value = got.post
    await kept.putWork(world.value, { account: account.value, post: got.post, at: keptAt.value, offset: offset.value, mine: got })
    reached.value = true
    problem.value = null
  }
  async function take(): Promise<void> {
    try {
      await (navigator.locks ? navigator.locks.request('baochu-field', exchange) : exchange())
    } catch (cause) {
      reached.value = false
      if (cause instanceof Problem) problem.value = cause.status === 0 ? null : cause
      again = false
    }
    await reread()
    if (!again) return
    again = false
    await take()
  }
  /** Sends what waits and asks for one's work; one tab at a time. Asked meanwhile, it does so once more: what is under way may be older than the question. */
  function sync(): Promise<void> {
    if (session.phase !== 'in') return Promise.resolve()
    if (session.account) account.value = session.account.username
    again = busy.value !== null
    return (busy.value ??= take().finally(() => (busy.value = null)))
  }
  /** What waits about one thing. */
  const about = (id: string) => waiting.value.filter((act) => act.about === id)

  return { world, account, post, mine, acts, waiting, refused, ageS, worldNow, isDrill, reached, problem, busy, open, close, add, dismiss, sync, about, where }
})
