import type { Key } from '../../src/platform/lib/i18n.ts'
import { settingsGroups } from './pages.ts'

/** One thing that can be set: what it is called, other words it is looked for by, and where it stands. */
export type SettingsEntry = { label: Key; words?: Key; href: string }

/** What the search over settings finds. Each page adds its own questions, with the address of each. */
export const settingsEntries: SettingsEntry[] = [
  ...settingsGroups.flatMap(({ pages }) => pages.map(({ label, href }) => ({ label, href }))),
  { label: 'mail.server', words: 'mail.words.server', href: '/settings/mail#mail-server' },
  { label: 'mail.login', words: 'mail.words.server', href: '/settings/mail#mail-login' },
  { label: 'mail.sender', href: '/settings/mail#mail-sender' },
  { label: 'mail.locale', href: '/settings/mail#mail-language' },
  { label: 'mail.test', href: '/settings/mail#mail-trial' },
  { label: 'mail.outbox', words: 'mail.words.outbox', href: '/settings/mail#mail-outbox' },
]
