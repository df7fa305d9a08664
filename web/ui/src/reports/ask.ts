/** Asks the server for something; what it refuses stands beside the form, with the field that it means. */
import { ref } from 'vue'
import { Problem } from '@/api/client'
import { useWords } from '@/lib/words'
import { useNotice } from '@/stores/notice'

export function useAsk() {
  const { said } = useWords()
  const notice = useNotice()
  const busy = ref(false)
  const fault = ref('')
  const field = ref('')
  async function run<R>(call: () => Promise<R>, done = ''): Promise<R | null> {
    if (busy.value) return null
    busy.value = true
    fault.value = field.value = ''
    try {
      const got = await call()
      if (done) notice.say(done)
      return got
    } catch (cause) {
      if (!(cause instanceof Problem)) throw cause
      fault.value = said(cause)
      field.value = cause.field ?? ''
      return null
    } finally {
      busy.value = false
    }
  }
  return { busy, fault, field, run }
}
