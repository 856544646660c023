import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { securities } from '../../providers/mail/smtp.ts'
import type { Tx } from '../../platform/db/executor.ts'
import { afterCommit, write } from '../../platform/db/write.ts'
import { isLocale } from '../../platform/lib/i18n.ts'
import { record } from '../../platform/live/bus.ts'
import { tryAgainInside } from '../../platform/jobs/try-again.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { seal } from '../../platform/lib/sealed.ts'
import { checkEmail, isLine, isStorable, tidyLine } from '../../platform/lib/text.ts'
import { changedFields, keepSetting, lastChange, logChange } from '../settings/index.ts'
import { type MailSettings, readMail, sealedFor, settingKey } from './mail-settings.ts'
import { mailJobs } from './names.ts'
import { endRest } from './rest.ts'

/** What a form says, field by field. */
export type MailFields = Record<string, unknown>

/**
 * Keeps how mail goes out; an empty password is the one before. What had failed is tried again at once. `origin` is where
 * the cabinet was reached. With `seen`, the id of the last change that its writer saw, it refuses `edited_meanwhile` after
 * another. Refuses `settings_invalid` and `email_invalid` with the `field`, and `mail_password_again`.
 */
export async function saveMail(agent: { agentId: string }, fields: MailFields, origin: string): Promise<void> {
  const given = checkMail(fields)
  const { seen } = fields
  await write(async (tx) => {
    if (typeof seen === 'string' && ((await lastChange('mail', null, tx)) ?? '') !== seen)
      throw refuse('edited_meanwhile')
    const before = await readMail(tx)
    const { password, ...rest } = given
    const after: MailSettings = {
      ...rest,
      password: given.user === null ? null : keptPassword(before, given),
      origin,
      idDomain: before?.idDomain ?? idDomainOf(given.senderAddress),
    }
    await keepSetting(tx, settingKey, after)
    await log(tx, agent, before, after, password !== '')
    afterCommit(tx, endRest)
    await tryAgainInside(tx, { jobs: mailJobs, dead: false })
    await record(tx, 'mail.changed', { changed: 'settings' })
  })
}

// In letters that every mail program knows: some domains have others.
const idDomainOf = (address: string): string => domainToASCII(address.split('@')[1] ?? '') || 'kontuar.invalid'

type Given = Omit<MailSettings, 'origin' | 'idDomain' | 'password'> & { password: string }

// To whom it is sent next must not be found out by whoever may set a host but does not know the password.
function keptPassword(before: MailSettings | null, { password, host, user }: Given): string {
  if (password !== '') return seal(sealedFor, password)
  if (before?.password && before.host === host && before.user === user) return before.password
  throw refuse('mail_password_again', { field: 'password' })
}

function log(
  tx: Tx,
  { agentId }: { agentId: string },
  before: MailSettings | null,
  after: MailSettings,
  secret: boolean,
) {
  const shown = (mail: MailSettings | null) => {
    const { host, port, security, user, senderName, senderAddress, locale } = mail ?? ({} as Partial<MailSettings>)
    return { host, port, security, user, senderName, senderAddress, locale }
  }
  const fields = {
    ...changedFields(shown(before), shown(after)),
    ...(secret ? { password: { before: before?.password ? true : null, after: true } } : {}),
  }
  return logChange(tx, { page: 'mail', kind: before ? 'changed' : 'created', agentId, fields })
}

const hostShape = /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/i

/** Refuses `settings_invalid` and `email_invalid` with the `field` that is wrong. */
export function checkMail(fields: MailFields): Given {
  const host = lineOf(fields, 'host', 253).replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) === 0 && !hostShape.test(host)) throw wrong('host')
  const port = /^\d{1,5}$/.test(textOf(fields.port)) ? Number(fields.port) : 0
  if (port < 1 || port > 65_535) throw wrong('port')
  const security = securities.find((one) => one === fields.security)
  if (!security) throw wrong('security')
  const user = lineOf(fields, 'user', 320)
  const password = textOf(fields.password)
  if (password.length > 1000 || !isStorable(password) || /[\r\n]/.test(password)) throw wrong('password')
  const senderName = lineOf(fields, 'senderName', 100)
  if (senderName === '') throw wrong('senderName')
  const locale = textOf(fields.locale)
  if (!isLocale(locale)) throw wrong('locale')
  return {
    ...{ host, port, security, password, senderName, locale },
    user: user === '' ? null : user,
    senderAddress: addressOf(fields.senderAddress),
  }
}

const wrong = (field: string) => refuse('settings_invalid', { field })

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? `${value}` : ''

function lineOf(fields: MailFields, field: string, max: number): string {
  const line = tidyLine(textOf(fields[field]))
  if (!isLine(line, max)) throw wrong(field)
  return line
}

function addressOf(value: unknown): string {
  try {
    return checkEmail(value)
  } catch {
    throw refuse('email_invalid', { field: 'senderAddress' })
  }
}
