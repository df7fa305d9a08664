/** Short notices: what has been done, or what could not be. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Notice {
  id: number
  text: string
  /** `news` is what somebody else's act has changed and nobody may miss. */
  tone: 'done' | 'fault' | 'news'
  /** Takes back what was done, by the command that does so; refused like any other. */
  undo?: () => Promise<unknown>
}
const UNDO_MS = 10_000
let last = 0

export const useNotice = defineStore('notice', () => {
  const notices = ref<Notice[]>([])
  function drop(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }
  function say(text: string, tone: Notice['tone'] = 'done', keepMs = tone === 'done' ? 4000 : 9000): void {
    const id = ++last
    notices.value = [...notices.value.slice(-4), { id, text, tone }]
    setTimeout(() => drop(id), keepMs)
  }
  /** What was done, with the way back for a while. */
  function offer(text: string, undo: () => Promise<unknown>): void {
    const id = ++last
    notices.value = [...notices.value.slice(-4), { id, text, tone: 'done', undo }]
    setTimeout(() => drop(id), UNDO_MS)
  }
  return { notices, say, offer, drop }
})
