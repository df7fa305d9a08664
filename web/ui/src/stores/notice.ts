/** Short notices: what has been done, or what could not be. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Notice {
  id: number
  text: string
  /** `news` is what somebody else's act has changed and nobody may miss. */
  tone: 'done' | 'fault' | 'news'
}
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
  return { notices, say, drop }
})
