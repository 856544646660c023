import type { Key, Translate } from '../../src/platform/lib/i18n.ts'
import { foldWords } from '../ui/fold-words.ts'
import { settingsGroups } from './pages.ts'

/** One thing that can be set: what it is called, other words it is looked for by, and where it stands. */
export type SettingsEntry = { label: Key; words?: Key; href: string }

const pages: SettingsEntry[] = settingsGroups.flatMap((group) =>
  group.pages.map(({ label, href }) => ({ label, href })),
)

/** What the search over settings finds. Each page adds its own questions, with the address of each. */
export const settingsEntries: SettingsEntry[] = [
  ...pages,
  { label: 'cabinet.chat.enabled.switch', words: 'cabinet.words.chat', href: '/settings/chat#chat-enabled' },
  { label: 'cabinet.chat.audience', words: 'cabinet.words.audience', href: '/settings/chat#chat-audience' },
  { label: 'cabinet.chat.greeting', words: 'cabinet.words.greeting', href: '/settings/chat#chat-greeting' },
  { label: 'cabinet.chat.copies.switch', words: 'cabinet.words.copies', href: '/settings/chat#chat-copies' },
  { label: 'templates.new', words: 'templates.words.new', href: '/settings/templates#template-form' },
  { label: 'templates.import', words: 'templates.words.file', href: '/settings/templates' },
  { label: 'templates.export', words: 'templates.words.file', href: '/settings/templates' },
  { label: 'cabinet.site.snippet', words: 'cabinet.words.sites', href: '/settings/sites' },
  { label: 'cabinet.site.domains', words: 'cabinet.words.sites', href: '/settings/sites' },
  { label: 'cabinet.look', words: 'cabinet.words.look', href: '/settings/sites' },
  { label: 'cabinet.hours', words: 'cabinet.words.hours', href: '/settings/sites' },
  {
    label: 'cabinet.install.this',
    words: 'cabinet.words.installation',
    href: '/settings/installation#installation-this',
  },
  { label: 'clients.zones.create', words: 'clients.zones.words', href: '/settings/zones' },
  { label: 'clients.api_keys.title', words: 'clients.api_keys.words', href: '/settings/installation#api-keys' },
  { label: 'mail.server', words: 'mail.words.server', href: '/settings/mail#mail-server' },
  { label: 'mail.login', words: 'mail.words.server', href: '/settings/mail#mail-login' },
  { label: 'mail.sender', href: '/settings/mail#mail-sender' },
  { label: 'mail.locale', href: '/settings/mail#mail-language' },
  { label: 'mail.test', href: '/settings/mail#mail-trial' },
  { label: 'mail.outbox', words: 'mail.words.outbox', href: '/settings/mail#mail-outbox' },
]

/** The entries in which every word of `q` begins a word, in the reader's language. */
export function findEntries(t: Translate, q: string): SettingsEntry[] {
  const wanted = foldWords(q)
  if (wanted.length === 0) return []
  return settingsEntries.filter(({ label, words }) => {
    const own = foldWords(words === undefined ? t(label) : `${t(label)} ${t(words)}`)
    return wanted.every((word) => own.some((one) => one.startsWith(word)))
  })
}
