import type { MailServer, Security } from '../../providers/mail/smtp.ts'
import { MailTrouble } from '../../providers/mail/trouble.ts'
import type { Executor } from '../../platform/db/executor.ts'
import type { Locale } from '../../platform/lib/i18n.ts'
import { unseal } from '../../platform/lib/sealed.ts'
import { readSetting } from '../settings/index.ts'

/** How mail goes out. */
export type MailSettings = {
  host: string
  port: number
  security: Security
  /** Null: the server knows us otherwise. */
  user: string | null
  /** Sealed; null: none. */
  password: string | null
  senderName: string
  senderAddress: string
  /** In which the shop gets its copies. */
  locale: Locale
  /** Where the cabinet was when these were saved: for links, unless a public address is configured. */
  origin: string
  /** What our Message-IDs end with. Never changed, or a repeated mail would look like a new one. */
  idDomain: string
}

export const settingKey = 'mail'
export const sealedFor = 'mail-password'

/** How mail goes out, as `executor` sees it; null while nobody has said. */
export const readMail = (executor?: Executor): Promise<MailSettings | null> =>
  readSetting<MailSettings>(settingKey, executor)

/** The same for somebody who is about to send. Throws `MailTrouble`. */
export async function mailToSend(): Promise<MailSettings> {
  const mail = await readMail()
  if (!mail) throw new MailTrouble('not_set_up', null)
  return mail
}

/** The server behind the settings, with its password. Throws `MailTrouble` when `secret.key` is not the one it was sealed by. */
export function serverOf({ host, port, security, user, password }: MailSettings): MailServer {
  if (user === null) return { host, port, security, login: null }
  const plain = password === null ? '' : unseal(sealedFor, password)
  if (plain === null) throw new MailTrouble('password_lost', null)
  return { host, port, security, login: { user, password: plain } }
}

let publicUrl: string | null = null

/** Where people reach this house, if that is configured. */
export function reachedAt(url: string | null): void {
  publicUrl = url
}

/** What links in mails begin with. */
export const originOf = ({ origin }: Pick<MailSettings, 'origin'>): string => publicUrl ?? origin
