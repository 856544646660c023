import type { Deed } from '../../features/conversations/index.ts'
import type { ImportedVisitor } from '../../features/visitors/index.ts'
import type { Locale } from '../../platform/lib/i18n.ts'
import { type Random, randomOf } from './random.ts'

type Known = Pick<ImportedVisitor, 'language' | 'timeZone' | 'userAgent' | 'referrer'>

/** What a visitor's browser says of itself: the same for the same visitor. */
export function browserOf(visitor: number, locale: Locale): Known {
  const random = randomOf('browser', visitor)
  const { language, timeZone } = random.pick(places[locale])
  return {
    language,
    timeZone,
    userAgent: random.pick(random.chance(0.65) ? phones : computers),
    referrer: random.chance(0.6) ? referrerIn(random, locale) : null,
  }
}

/** Where they were last, and when they went: a while after the last thing that they did. */
export function lastSeen(
  visitor: number,
  deeds: readonly Deed[],
  until: number,
): Pick<ImportedVisitor, 'page' | 'lastSeenAt'> {
  const own = deeds.filter((deed) => deed.does === 'write' && deed.by === 'visitor')
  const page = own.findLast((deed) => 'page' in deed && deed.page)
  const at = own.at(-1)?.at ?? deeds.at(-1)?.at ?? 0
  return {
    page: (page && 'page' in page && page.page) || null,
    lastSeenAt: Math.max(at, Math.min(until, at + randomOf('leaves', visitor).from(20, 240) * 1000)),
  }
}

const places: Record<Locale, readonly { language: string; timeZone: string }[]> = {
  en: [
    { language: 'en-GB', timeZone: 'Europe/London' },
    { language: 'en-GB', timeZone: 'Europe/Warsaw' },
    { language: 'en-US', timeZone: 'Europe/Moscow' },
  ],
  ru: [
    { language: 'ru-RU', timeZone: 'Europe/Moscow' },
    { language: 'ru-RU', timeZone: 'Europe/Moscow' },
    { language: 'ru-RU', timeZone: 'Asia/Yekaterinburg' },
  ],
  pl: [{ language: 'pl-PL', timeZone: 'Europe/Warsaw' }],
  fr: [
    { language: 'fr-FR', timeZone: 'Europe/Paris' },
    { language: 'fr-BE', timeZone: 'Europe/Brussels' },
  ],
}

const phones = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 15; SM-A556B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; arm_64; Android 14; M2101K6G) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/136.0.7103.0 YaBrowser/25.6.0.251 Mobile Safari/537.36',
]

const computers = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
]

const referrerIn = (random: Random, locale: Locale): string =>
  random.pick([
    `https://search.example/?q=${words[locale]}`,
    'https://maps.example/',
    'https://reviews.example/northwater',
  ])

const words: Record<Locale, string> = {
  en: 'water+delivery',
  ru: '%D0%B2%D0%BE%D0%B4%D0%B0+%D0%BD%D0%B0+%D0%B4%D0%BE%D0%BC',
  pl: 'dostawa+wody',
  fr: 'livraison+eau',
}
