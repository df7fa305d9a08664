/** The quick look before any run (参考 筛查): what is asked, what lies in it, its picture. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { models, type Screening, type ScreeningQuestion } from '@/api/models'
import { question } from '@/roads/question'
import { useBoard } from '@/stores/board'
import { useFlood } from './flood'

export const useScreening = defineStore('screening', () => {
  const board = useBoard()
  const flood = useFlood()
  const form = ref({ by: 'rain' as 'rain' | 'rise', mm: '60', hours: '1', rise: '1' })
  /** What the answer that stands was asked. */
  const said = ref<ScreeningQuestion>({})
  const hidden = ref(false)
  const asked = question<Screening>((world, signal) => {
    const { by, mm, hours, rise } = form.value
    const query: ScreeningQuestion = by === 'rain' ? { rain_mm: Number(mm), hours: Number(hours) } : { rise_m: Number(rise) }
    if (!valid.value) return null
    flood.shown = hidden.value = false
    return models.screening(world, query, signal).then((found) => ((said.value = query), found))
  })
  const within = (text: string, least: number, most: number) => text.trim() !== '' && Number(text) >= least && Number(text) <= most
  const valid = computed(() => {
    const { by, mm, hours, rise } = form.value
    return by === 'rain' ? within(mm, 0, 2000) && within(hours, 0.1, 72) : within(rise, 0, 50)
  })
  /** Only one water is on the map: a run's goes before. */
  const shown = computed({
    get: () => asked.answer.value !== null && !hidden.value && !flood.shown,
    set: (on) => {
      hidden.value = !on
      if (on) flood.shown = false
    },
  })
  const address = computed(() => (shown.value ? models.screened(board.world, said.value) : null))
  return { form, said, valid, shown, address, ...asked }
})
