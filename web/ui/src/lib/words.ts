/** Words for the person: the locale's messages, and whichever of two server sentences fits it. */
import { useI18n } from 'vue-i18n'
import { Problem } from '@/api/client'

export function useWords() {
  const { t, te, tm, locale } = useI18n()
  const pick = (zh: string, en: string) => (locale.value === 'en' ? en || zh : zh || en)
  const said = (cause: unknown) => (cause instanceof Problem ? cause.words(locale.value) : String(cause))
  return { t, te, tm, lang: locale, pick, said }
}
