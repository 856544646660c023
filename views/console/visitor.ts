import type { ContactCard } from '../../src/features/visitors/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { hueOf } from '../ui/face.ts'
import { type Thing, thingNames } from './things.ts'

/** Somebody who writes: a browser, and the person behind it once they are known. `twin`: another in sight is called the same. */
export type Person = { visitorId: string; contact: ContactCard | null; twin?: boolean }

/** What a person is called: by what is known of them, else by a colour and a thing, always the same ones. */
export function personLabel(t: Translate, { visitorId, contact, twin }: Person): string {
  const known = contact?.name || contact?.email || contact?.phone
  if (known) return known
  const name = nickname(t, visitorId)
  return twin ? `${name} ${shortId(visitorId)}` : name
}

function nickname(t: Translate, visitorId: string): string {
  const thing = thingOf(visitorId)
  const colour = t(`console.visitor.colour.${hueOf(visitorId)}`, { gender: t(`console.visitor.gender.${thing}`) })
  return t('console.visitor.name', { colour, thing: t(`console.visitor.thing.${thing}`) })
}

/** Those among people shown together who are called alike: each of them is told apart by the end of their id. */
export function twinsAmong(people: readonly Person[]): Set<string> {
  const first = new Map<string, string>()
  const twins = new Set<string>()
  for (const { visitorId, contact } of people) {
    if (contact?.name || contact?.email || contact?.phone) continue
    const name = `${hueOf(visitorId)} ${thingOf(visitorId)}`
    const other = first.get(name) ?? visitorId
    first.set(name, other)
    if (other !== visitorId) twins.add(other).add(visitorId)
  }
  return twins
}

/** The end of an id, which is random: enough to tell a few visitors apart by ear. */
export const shortId = (id: string): string => id.slice(-4).toUpperCase()

/** One of the things, by other digits of the id than the hue. */
export const thingOf = (id: string): Thing =>
  thingNames[(Number.parseInt(id.slice(-8, -4), 16) || 0) % thingNames.length] ?? 'kettle'
