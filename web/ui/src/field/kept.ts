/** What a phone keeps by itself: acts until the server has answered them, and what was last known of one's work. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'

export type ActState = 'waiting' | 'refused'
export interface KeptAct {
  id: string
  account: string
  world: string
  kind: string
  /** On the world's clock. */
  happened_at: string
  body: Record<string, unknown>
  /** What the act is about (a task, a dispatch), so that its card can show it. */
  about: string
  /** In the person's own words, for the list of what waits. */
  label: string
  made: number
  state: ActState
  problem: { zh: string; en: string } | null
  photo?: Blob
}
export interface KeptWork {
  key: string
  account: string
  post: string
  /** The browser's time when it came, and how far the server's clock was ahead. */
  at: number
  offset: number
  mine: unknown
}

interface Kept extends DBSchema {
  acts: { key: string; value: KeptAct }
  work: { key: string; value: KeptWork }
}

let opened: Promise<IDBPDatabase<Kept>> | undefined
const open = () =>
  (opened ??= openDB<Kept>('baochu-field', 1, {
    upgrade(db) {
      db.createObjectStore('acts', { keyPath: 'id' })
      db.createObjectStore('work', { keyPath: 'key' })
    },
  }))

const workKey = (world: string) => `work/${world}`

/** Acts of one person in one world, in the order in which they were made. */
export async function acts(account: string, world: string): Promise<KeptAct[]> {
  const all = await (await open()).getAll('acts')
  return all.filter((act) => act.account === account && act.world === world).sort((a, b) => a.made - b.made)
}
/** Written to the disk before the page says so. */
export async function put(act: KeptAct): Promise<void> {
  const done = (await open()).transaction('acts', 'readwrite', { durability: 'strict' })
  await done.store.put(act)
  await done.done
}
export async function drop(id: string): Promise<void> {
  await (await open()).delete('acts', id)
}
export async function work(world: string): Promise<KeptWork | undefined> {
  return (await open()).get('work', workKey(world))
}
export async function putWork(world: string, kept: Omit<KeptWork, 'key'>): Promise<void> {
  await (await open()).put('work', { ...kept, key: workKey(world) })
}
/** At log-out: what one had to do is nobody else's; what waits stays, for its account alone. */
export async function forget(): Promise<void> {
  await (await open()).clear('work')
}
