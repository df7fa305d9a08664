import { createI18n } from 'vue-i18n'
import { expect, it } from 'vitest'
import { en } from './en'
import { zh } from './zh'

/** Words that cannot be read fail only on the page that shows them: so read them all. */
it('every word can be said', () => {
  const said = (locale: 'zh' | 'en', message: string) => {
    try {
      return createI18n({ legacy: false, locale, messages: { [locale]: { one: message } } }).global.t('one', { n: 1 })
    } catch (cause) {
      return String(cause)
    }
  }
  const walk = (locale: 'zh' | 'en', at: unknown, path: string): string[] =>
    typeof at === 'string'
      ? (/SyntaxError/.test(said(locale, at)) ? [`${locale} ${path}`] : [])
      : Object.entries(at as object).flatMap(([key, more]) => walk(locale, more, `${path}.${key}`))
  expect([...walk('zh', zh, ''), ...walk('en', en, '')]).toEqual([])
}, 60_000)
