/** Does something over HTTP, says when it is done or why it could not be. */
import { ref } from 'vue'
import { Problem } from '@/api/client'
import { useWords } from '@/lib/words'
import { useNotice } from '@/stores/notice'

export const LEVELS = ['', 'Ⅰ', 'Ⅱ', 'Ⅲ', 'Ⅳ'] as const
export const levelOf = (level: number): string => LEVELS[level] || '–'

export function useSay() {
  const { t, said } = useWords()
  const notice = useNotice()
  const busy = ref(false)
  /** `refused` is told of a refusal after it was said. */
  async function run<R>(call: () => Promise<R>, refused: (cause: Problem) => void = () => undefined): Promise<R | null> {
    if (busy.value) return null
    busy.value = true
    try {
      const got = await call()
      notice.say(t('command.done'))
      return got
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      notice.say(said(cause), 'fault')
      refused(cause)
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, run }
}
