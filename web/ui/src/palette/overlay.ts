/** What lies over the page, one thing at a time: the palette, the help, the settings of alarms; and the tour beside them. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

export type Overlay = '' | 'palette' | 'help' | 'alarms'

export const useOverlay = defineStore('overlay', () => {
  const shown = ref<Overlay>('')
  /** Somebody asks for the search field. */
  const searchAsked = ref(false)
  const toggle = (one: Overlay) => (shown.value = shown.value === one ? '' : one)
  /** Says whether there was anything to close. */
  function close(): boolean {
    const was = shown.value !== ''
    shown.value = ''
    return was
  }
  return { shown, searchAsked, toggle, close }
})
