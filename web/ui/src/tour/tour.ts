/** The first-run tour: which controls it shows, whether this account has seen it in this browser, and where it stands. */
import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Test ids of real controls; one that is not on the page is passed over. Words: `tour.steps.<id>`. */
export const STEPS = ['world-kind', 'report-button', 'incidents', 'close-road-button', 'responses-open', 'command-lines', 'alarms', 'search', 'replay-open'] as const

const key = (username: string) => `baochu:tour:${username}`

export const useTour = defineStore('tour', () => {
  const running = ref(false)
  /** Grows when somebody has seen it or does not want it. */
  const answered = ref(0)
  const isNew = (username: string) => answered.value >= 0 && localStorage.getItem(key(username)) === null
  function end(username: string): void {
    running.value = false
    localStorage.setItem(key(username), 'seen')
    answered.value += 1
  }
  return { running, isNew, end }
})
