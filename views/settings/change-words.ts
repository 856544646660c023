import type { Key, Translate } from '../../src/platform/lib/i18n.ts'
import { spansInWords, weekDays } from './look-fields.ts'

/** What the fields of the log are called. Each page adds its own; what has no name here is told by the one it is kept under. */
export const fieldNames: Partial<Record<string, Key>> = {
  chatEnabled: 'cabinet.field.chatEnabled',
  audience: 'cabinet.field.audience',
  greeting: 'cabinet.field.greeting',
  greetingPicture: 'cabinet.field.greetingPicture',
  copies: 'cabinet.field.copies',
  own: 'cabinet.field.own',
  name: 'cabinet.field.name',
  domains: 'cabinet.field.domains',
  inUse: 'cabinet.field.inUse',
  colour: 'cabinet.field.colour',
  side: 'cabinet.field.side',
  offset: 'cabinet.field.offset',
  icon: 'cabinet.field.icon',
  label: 'cabinet.field.label',
  logo: 'cabinet.field.logo',
  theme: 'cabinet.field.theme',
  locale: 'cabinet.field.locale',
  hiddenOn: 'cabinet.field.hiddenOn',
  pages: 'cabinet.field.pages',
  openAfterSeconds: 'cabinet.field.openAfterSeconds',
  poweredBy: 'cabinet.field.poweredBy',
  hours: 'cabinet.field.hours',
  zone: 'cabinet.hours.zone',
  week: 'cabinet.field.hours',
  show: 'cabinet.field.pages',
  paths: 'cabinet.when.paths',
  inline: 'cabinet.look.offset.inline',
  block: 'cabinet.look.offset.block',
  text: 'templates.text',
  position: 'templates.position',
  visible: 'templates.visible',
  sites: 'templates.sites',
  shortcut: 'templates.shortcut',
  host: 'mail.field.host',
  port: 'mail.field.port',
  security: 'mail.field.security',
  user: 'mail.field.user',
  password: 'mail.field.password',
  senderName: 'mail.sender',
  senderAddress: 'mail.field.senderAddress',
  districts: 'clients.zones.districts',
  days: 'clients.zones.days',
  minimumMinor: 'clients.zones.minimum',
  currency: 'clients.order.currency',
  note: 'clients.note',
  externalId: 'clients.zones.external',
  key: 'clients.api_keys.key.word',
  // Of an object, each part by its own name.
  on: 'cabinet.chat.copies.switch',
  addresses: 'cabinet.chat.copies.addresses',
  digestMinutes: 'cabinet.chat.copies.minutes_between',
  withAnswers: 'cabinet.chat.copies.answers',
  withFeedback: 'cabinet.chat.copies.feedback',
}

/** What the words that are kept are called, of the fields that hold one of several. */
const choices: Partial<Record<string, Partial<Record<string, Key>>>> = {
  audience: { anyone: 'cabinet.value.anyone', registered: 'cabinet.value.registered' },
  icon: {
    speech: 'cabinet.look.icon.speech',
    question: 'cabinet.look.icon.question',
    phone: 'cabinet.look.icon.phone',
    drop: 'cabinet.look.icon.drop',
  },
  side: { end: 'cabinet.look.side.end', start: 'cabinet.look.side.start' },
  theme: { auto: 'cabinet.look.theme.auto', light: 'cabinet.look.theme.light', dark: 'cabinet.look.theme.dark' },
  locale: {
    auto: 'cabinet.look.locale.auto',
    en: 'account.language.en',
    ru: 'account.language.ru',
    pl: 'account.language.pl',
    fr: 'account.language.fr',
  },
  hiddenOn: {
    phone: 'cabinet.when.device.phone',
    tablet: 'cabinet.when.device.tablet',
    desktop: 'cabinet.when.device.desktop',
  },
  show: { except: 'cabinet.when.pages.except', only: 'cabinet.when.pages.only' },
  own: fieldNames,
}

export const fieldName = (t: Translate, field: string): string => {
  const key = fieldNames[field]
  return key === undefined ? field : t(key)
}

/** A kept value of a field in words: for the log, so short rather than complete. */
export function valueInWords(t: Translate, value: unknown, field = ''): string {
  if (value === null || value === '' || value === undefined) return t('cabinet.value.none')
  if (typeof value === 'boolean') return t(value ? 'cabinet.value.on' : 'cabinet.value.off')
  if (typeof value === 'string') return stringInWords(t, value, field)
  if (typeof value === 'number') return `${value}`
  if (field === 'week') return weekInWords(t, value)
  if (Array.isArray(value)) return listInWords(t, value, field)
  return Object.entries(value)
    .map(([part, of]) => `${fieldName(t, part)}: ${valueInWords(t, of, part)}`)
    .join('; ')
}

function stringInWords(t: Translate, value: string, field: string): string {
  if (/^[0-9a-f]{64}$/.test(value)) return t('cabinet.value.picture')
  const key = choices[field]?.[value]
  return key === undefined ? value : t(key)
}

const listInWords = (t: Translate, items: unknown[], field: string): string =>
  items.length === 0 ? t('cabinet.value.none') : items.map((item) => valueInWords(t, item, field)).join(', ')

/** The days on which there is anything. */
const weekInWords = (t: Translate, week: unknown): string =>
  weekDays
    .flatMap((day) => {
      const spans = (week as { from: number; to: number }[][])[day] ?? []
      return spans.length === 0 ? [] : [`${t(`cabinet.day.${day}`)} ${spansInWords(spans)}`]
    })
    .join('; ')
