import type { Audience } from '../../../views/widget/settings.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkText, isLine, maxBodyLength, tidyLine } from '../../platform/lib/text.ts'

const maxName = 100
const mostDomains = 50
const hostShape = /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/

/** Refuses `settings_invalid` for what is not a line of 1 to 100 characters. */
export function checkName(value: unknown): string {
  const name = typeof value === 'string' ? tidyLine(value) : ''
  if (name === '' || !isLine(name, maxName)) throw refuse('settings_invalid', { field: 'name' })
  return name
}

/** The greeting becomes a message, so it is one; null, or nothing but white space, for none. */
export function checkGreeting(value: unknown): string | null {
  if (value === null || (typeof value === 'string' && value.trim() === '')) return null
  try {
    return checkText(value, maxBodyLength)
  } catch {
    throw refuse('settings_invalid', { field: 'greeting' })
  }
}

export function checkAudience(value: unknown): Audience {
  if (value !== 'anyone' && value !== 'registered') throw refuse('settings_invalid', { field: 'audience' })
  return value
}

/** The hosts that may embed the widget. Refuses `settings_invalid`, naming what is no host in `domain`. */
export function checkDomains(value: unknown): string[] {
  const given = Array.isArray(value) ? value : []
  const hosts = given.map((one) => {
    const host = hostOf(one)
    if (host === null) throw refuse('settings_invalid', { field: 'domains', domain: String(one) })
    return host
  })
  if (hosts.length > mostDomains) throw refuse('settings_invalid', { field: 'domains' })
  return [...new Set(hosts)]
}

/** The host in what somebody wrote or pasted, as browsers name it: `https://Вода.example/shop` is `xn--80adg3b.example`. */
export function hostOf(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim().toLowerCase() : ''
  const wild = text.startsWith('*.')
  const address = `http://${(wild ? text.slice(2) : text).replace(/^[a-z][a-z0-9+.-]*:\/\//, '')}`
  if (!URL.canParse(address)) return null
  const { hostname, username } = new URL(address)
  const host = `${wild ? '*.' : ''}${hostname}`
  return username === '' && hostShape.test(host) && host.length <= 253 ? host : null
}
