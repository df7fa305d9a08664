/** What a closure does, in the person's words. */
import { onMounted } from 'vue'
import type { Closure } from '@/api/types'
import { isFull, limitParts } from '@/lib/limits'
import { useWords } from '@/lib/words'
import { useProfileName, useProfiles } from './profiles'

export function useLimitText(): (row: Closure) => string {
  const { t, lang } = useWords()
  const profiles = useProfiles()
  const name = useProfileName()
  onMounted(() => void profiles.load())
  return (row) =>
    isFull(row) ? t('limit.full') : limitParts(row, name, lang.value === 'en' ? ', ' : '、').map(([key, n]) => t(`limit.${key}`, { n })).join(' · ')
}
