/** Alarms on this screen: which stand unanswered, what of them sounds, and what somebody said of them for all screens. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { answer, client } from '@/api/client'
import type { AlarmWord } from '@/api/types'
import { useBoard } from '@/stores/board'
import { sound } from '@/style/tokens'
import { ALARM_KINDS, unanswered, type Alarm, type AlarmKind } from './kinds'
import { heard, ring, unlock } from './sound'

const KEY = 'baochu:alarms'
/** Gauges fall silent all day long: a screen asks for them. */
const USUAL: AlarmKind[] = ALARM_KINDS.filter((kind) => kind !== 'gauge')
interface Kept {
  kinds: AlarmKind[]
  sound: boolean
}
function kept(): Kept {
  try {
    return { kinds: USUAL, sound: true, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) }
  } catch {
    return { kinds: USUAL, sound: true }
  }
}

export const useAlarms = defineStore('alarms', () => {
  const board = useBoard()
  const chosen = ref(kept())
  watch(chosen, (now) => localStorage.setItem(KEY, JSON.stringify(now)), { deep: true })

  const waiting = computed<Alarm[]>(() => (board.board && !board.pastAt ? unanswered(board.board, chosen.value.kinds) : []))
  /** Who silenced all screens, while that lasts. */
  const mute = computed<AlarmWord | null>(() => {
    const word = board.board?.alarms?.['mute']
    return word?.until && Date.parse(word.until) > board.worldNow ? word : null
  })
  const sounding = computed(() => waiting.value.length > 0 && chosen.value.sound && !mute.value)
  /** What can be said of sound here: off by choice, silenced for all, not let by the browser, or on. */
  const voice = computed(() => (!chosen.value.sound ? 'off' : mute.value ? 'muted' : heard.value ? 'on' : 'locked'))

  let timer: ReturnType<typeof setInterval> | undefined
  const stopWatching = watch(sounding, (on) => {
    clearInterval(timer)
    if (!on) return
    ring()
    timer = setInterval(ring, sound.everyMs)
  }, { immediate: true })
  const at = () => ({ params: { path: { world: board.world } } })
  const acknowledge = (some: Alarm[]) =>
    answer<AlarmWord[]>(client.POST('/api/worlds/{world}/alarms/acknowledge', { ...at(), body: { alarms: some.slice(0, 200).map(({ kind, id, episode }) => ({ kind, id, episode })) } }))
  const silence = (minutes: number) => answer<AlarmWord>(client.POST('/api/worlds/{world}/alarms/mute', { ...at(), body: { minutes } }))
  return { chosen, waiting, mute, sounding, voice, acknowledge, silence, unlock, stopWatching }
})
