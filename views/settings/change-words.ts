import type { Key, Translate } from '../../src/platform/lib/i18n.ts'

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

const values: Partial<Record<string, Key>> = {
  anyone: 'cabinet.value.anyone',
  registered: 'cabinet.value.registered',
}

export const fieldName = (t: Translate, field: string): string => {
  const key = fieldNames[field]
  return key === undefined ? field : t(key)
}

/** A kept value in words: for the log, so short rather than complete. */
export function valueInWords(t: Translate, value: unknown): string {
  if (value === null || value === '' || value === undefined) return t('cabinet.value.none')
  if (typeof value === 'boolean') return t(value ? 'cabinet.value.on' : 'cabinet.value.off')
  if (typeof value === 'string') return stringInWords(t, value)
  if (typeof value === 'number') return `${value}`
  if (Array.isArray(value)) return listInWords(t, value)
  return Object.entries(value)
    .map(([field, part]) => `${fieldName(t, field)}: ${valueInWords(t, part)}`)
    .join('; ')
}

function stringInWords(t: Translate, value: string): string {
  if (/^[0-9a-f]{64}$/.test(value)) return t('cabinet.value.picture')
  const key = values[value]
  return key === undefined ? value : t(key)
}

const listInWords = (t: Translate, items: unknown[]): string =>
  items.length === 0
    ? t('cabinet.value.none')
    : items.map((item) => (typeof item === 'string' ? fieldName(t, item) : valueInWords(t, item))).join(', ')
