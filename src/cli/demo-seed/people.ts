import type { NewContact } from '../../features/contacts/index.ts'
import type { Locale } from '../../platform/lib/i18n.ts'
import { oneOf } from './lines.ts'
import type { Random } from './random.ts'

/** Somebody the shop knows, whose name fits the language they write in. */
export type KnownPerson = NewContact & { woman: boolean }

export function knownPerson(random: Random, locale: Locale): KnownPerson {
  const woman = random.chance(0.6)
  const first = oneOf(random, locale, woman ? 'people.women' : 'people.men')
  const last = oneOf(random, locale, woman ? 'surnames.women' : 'surnames.men')
  const company = random.chance(0.08) ? oneOf(random, locale, 'companies') : null
  const given = random.next()
  return {
    woman,
    name: company ? `${company}, ${first}` : `${first} ${last}`,
    email: given < 0.7 ? `${mailbox(first)}.${mailbox(last)}@${mailHosts[locale]}` : null,
    phone: given > 0.35 ? phoneOf(random, locale) : null,
    externalId: random.chance(0.8) ? `C-${random.from(10_000, 99_999)}` : null,
    locale,
  }
}

/** A number that nobody has: of the ranges kept for films, or of an area that is not given out. */
export function phoneOf(random: Random, locale: Locale): string {
  const digits = (count: number) => String(random.below(10 ** count)).padStart(count, '0')
  if (locale === 'ru') return `+7 000 ${digits(3)}-${digits(2)}-${digits(2)}`
  if (locale === 'pl') return `+48 000 ${digits(3)} ${digits(3)}`
  if (locale === 'fr') return `+33 6 39 98 ${digits(2)} ${digits(2)}`
  return `+44 7700 900${digits(3)}`
}

const mailHosts: Record<Locale, string> = {
  en: 'mail.example',
  ru: 'pochta.example',
  pl: 'poczta.example',
  fr: 'courriel.example',
}

const cyrillic = 'абвгдежзийклмнопрстуфхцчшщъыьэюя'
const latin = 'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya'.split(' ')

const mailbox = (name: string): string =>
  [...name.toLowerCase().replaceAll('ł', 'l').normalize('NFC').replaceAll('ё', 'е')]
    .map((letter) => latin[cyrillic.indexOf(letter)]?.replace('_', '') ?? letter)
    .join('')
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '')
