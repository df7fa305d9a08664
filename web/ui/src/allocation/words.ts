/** What a need asks for, in words: hazards, kinds of teams, categories of equipment. */
import { computed } from 'vue'
import type { Asking } from '@/api/allocation'
import { registers } from '@/api/registers'
import { useLoad } from '@/lib/load'
import { timeOf } from '@/lib/time'
import { useWords } from '@/lib/words'
import { useBoard } from '@/stores/board'

const HAZARDS = ['flood', 'city_fire', 'forest_fire', 'geohazard', 'other']

export function useAbilities() {
  const { t, pick } = useWords()
  const board = useBoard()
  const { data } = useLoad(registers.all)
  const abilities = computed<Map<string, string>>(() => {
    const equipment = data.value?.find((one) => one.key === 'equipment')?.fields.find((field) => field.name === 'category')?.choices ?? []
    return new Map([
      ...equipment.map((one): [string, string] => [one.code, pick(one.zh, one.en)]),
      ...board.teams.map((team): [string, string] => [team.kind, team.kind]),
      ...HAZARDS.map((kind): [string, string] => [kind, t(`kind.${kind}`)]),
    ])
  })
  const named = (need: Asking['need']) => {
    const what = need.abilities.map((one) => abilities.value.get(one) ?? one).join('、') || t('allocation.any')
    const said = t('allocation.need', { what, n: need.count, unit: t(need.in_persons ? 'allocation.people' : 'allocation.teams') })
    return need.latest_at ? `${said} · ${t('allocation.latest', { at: timeOf(need.latest_at, board.worldNow) })}` : said
  }
  return { abilities, named }
}
