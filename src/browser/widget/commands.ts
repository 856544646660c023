import type { Attributes } from './port.ts'
import type { Page } from './protocol.ts'

/** What a shop's page can listen to. */
export const eventNames = ['ready', 'open', 'close', 'message', 'unread', 'availability', 'form'] as const

export type EventName = (typeof eventNames)[number]
export type Listener = (detail: object) => void

/** What the commands of the shop's page do, each called with what it takes. */
export type Doer = {
  open(): void
  close(): void
  toggle(): void
  setAttributes(attributes: Attributes): void
  page(page?: Partial<Page>): void
  send(text: string): void
  on(event: EventName, listener: Listener): void
  off(event: EventName, listener?: Listener): void
}

/** `show`, `hide` and `shutdown` are done by the launcher itself. */
const commands = ['open', 'close', 'toggle', 'show', 'hide', 'setAttributes', 'page', 'send', 'on', 'off', 'shutdown']

/** Carries out one call of `kontuar(...)`, or says in a sentence what is wrong with it. */
export function carryOut(
  doer: Doer,
  [command, first, second]: readonly unknown[],
  complain: (sentence: string) => void,
) {
  switch (command) {
    case 'open':
    case 'close':
    case 'toggle':
      return doer[command]()
    case 'setAttributes': {
      const wrong = wrongAttribute(first)
      return wrong ? complain(wrong) : doer.setAttributes(first as Attributes)
    }
    case 'page':
      if (isPage(first)) return doer.page(first)
      return complain('"page" takes nothing, or an object with "url" and "title", both texts.')
    case 'send':
      return typeof first === 'string' ? doer.send(first) : complain('"send" takes the text for the field.')
    case 'on':
      if (!isEvent(first)) return complain(noEvent(first))
      return isListener(second) ? doer.on(first, second) : complain(`"on" takes "${first}" and a function.`)
    case 'off':
      if (!isEvent(first)) return complain(noEvent(first))
      if (second === undefined || isListener(second)) return doer.off(first, second)
      return complain(`"off" takes "${first}" and the function that is to hear no more, or nothing for all of them.`)
    default:
      return complain(`there is no command ${named(command)}. The commands are ${commands.join(', ')}.`)
  }
}

const isEvent = (name: unknown): name is EventName => eventNames.includes(name as EventName)
const isListener = (value: unknown): value is Listener => typeof value === 'function'
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const isOptionalText = (value: unknown) => value === undefined || typeof value === 'string'
const isPage = (value: unknown): value is Partial<Page> | undefined =>
  value === undefined || (isObject(value) && isOptionalText(value.url) && isOptionalText(value.title))
const noEvent = (name: unknown) => `there is no event ${named(name)}. The events are ${eventNames.join(', ')}.`
const named = (value: unknown) => (typeof value === 'string' ? `"${value}"` : `that is ${typeof value}`)

const mostAttributes = 50
const longestAttribute = 500

function wrongAttribute(given: unknown): string | null {
  if (!isObject(given)) return '"setAttributes" takes an object, as { name: "Marina" }.'
  const names = Object.keys(given)
  if (names.length > mostAttributes) return `"setAttributes" takes at most ${mostAttributes} attributes.`
  for (const name of names) {
    const value = given[name]
    const isText = typeof value === 'string'
    if (isText && value.length > longestAttribute)
      return `the attribute "${name}" is longer than ${longestAttribute} characters.`
    if (isText || value === null) continue
    if (name === 'name' || name === 'email' || name === 'phone')
      return `the attribute "${name}" must be a text, or null.`
    if (typeof value !== 'boolean' && !Number.isFinite(value)) {
      return `the attribute "${name}" must be a text, a number, true, false or null.`
    }
  }
  return null
}
