import { createI18n } from 'vue-i18n'
import { zh, type Messages } from './zh'

export const i18n = createI18n<[Messages], 'zh' | 'en', false>({
  legacy: false,
  locale: 'zh',
  fallbackLocale: 'zh',
  messages: { zh } as unknown as Record<'zh' | 'en', Messages>,
})

/** English comes when it is first asked for; until then Chinese stands. */
export async function english(): Promise<void> {
  if (!i18n.global.availableLocales.includes('en')) i18n.global.setLocaleMessage('en', (await import('./en')).en)
}
export async function speak(lang: 'zh' | 'en'): Promise<void> {
  if (lang === 'en') await english()
  i18n.global.locale.value = lang
}
