import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { isId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { longestExternalId } from '../contacts/index.ts'
import { changedFields, logChange } from '../settings/index.ts'
import { changeZone, keepZone, readZone, type ZoneRow, zonesToArrange, zoneToChange } from '../zones/index.ts'
import { minorOf, mustBeSeen, readTyped, type Typed, wrongField } from './hand-fields.ts'
import { settlePeopleOf } from './settle-zones.ts'

type Agent = { agentId: string }

/**
 * Writes a zone by an admin's hand: a new one, or `id`. Refuses `not_found`, `fields_invalid`, and `edited_meanwhile` when it
 * is another version than the one they saw.
 */
export async function writeZone(agent: Agent, id: string | null, typed: Typed): Promise<ZoneRow> {
  const { name, externalId, ...told } = toldOf(typed)
  return writeLocking(async (tx) => {
    const before = id === null ? null : await zoneAt(tx, id)
    if (before) mustBeSeen(typed.version, before)
    await mustBeFree(tx, externalId, before)
    const after = before
      ? await changeZone(tx, before, { ...told, name, externalId })
      : await keepZone(tx, { ...told, name, externalId })
    if (after !== before) await log(tx, agent, before ? 'changed' : 'created', after, before)
    return after
  })
}

function toldOf(typed: Typed) {
  const currency = textIn(typed.currency).toUpperCase()
  const minimum = textIn(typed.minimum)
  const fields = {
    ...{ name: typed.name, colour: typed.colour, note: typed.note, externalId: typed.externalId },
    districts: textIn(typed.districts)
      .split(/[\n;]/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
    days: [1, 2, 3, 4, 5, 6, 7].filter((day) => typed[`day-${day}`] === 'on'),
    ...(minimum === '' ? { minimumMinor: null, currency: null } : { currency }),
  }
  return readTyped(fields, [], (read) => {
    const minimumMinor = minimum === '' ? null : minorOf(minimum, currency)
    if (minimumMinor === undefined)
      read.wrong(/^[A-Z]{3}$/.test(currency) ? 'minimum' : 'currency', currency ? 'not_a_decimal' : 'missing')
    const zone = readZone(read)
    if (zone.name === undefined && !read.raw('name')) return { ...zone, name: '', externalId: null }
    const externalId = read.line('externalId', longestExternalId) || null
    return { ...zone, name: zone.name ?? '', externalId, minimumMinor: minimumMinor ?? null }
  })
}

const textIn = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')

async function mustBeFree(tx: Tx, externalId: string | null, before: ZoneRow | null): Promise<void> {
  const other = externalId === null ? null : await zoneToChange(tx, { externalId })
  if (other && other.id !== before?.id) throw wrongField('externalId', 'taken')
}

/** Takes a zone away, with which its addresses lie in none; or brings it back with all of them. Refuses `not_found`. */
export async function removeZone(agent: Agent, id: string, removed: boolean): Promise<void> {
  await writeLocking(async (tx) => {
    const before = await zoneAt(tx, id, true)
    if ((before.removedAt !== null) === removed) return
    const zone = await changeZone(tx, before, { removedAt: removed ? now() : null })
    await settlePeopleOf(tx, id)
    await log(tx, agent, removed ? 'removed' : 'restored', zone, null)
  })
}

/** Puts a zone behind another, or first. Refuses `not_found`. */
export async function placeZone(agent: Agent, id: string, after: string | null): Promise<void> {
  await writeLocking(async (tx) => {
    const all = (await zonesToArrange(tx)).filter(({ removedAt }) => removedAt === null)
    const zone = all.find((one) => one.id === id)
    if (!zone) throw refuse('not_found')
    const others = all.filter((one) => one !== zone)
    const behind = after === null ? 0 : others.findIndex((one) => one.id === after) + 1
    if (after !== null && behind === 0) throw refuse('not_found')
    const order = others.toSpliced(behind, 0, zone)
    if (order.every((one, place) => one === all[place])) return
    for (const [position, one] of order.entries()) await changeZone(tx, one, { position })
    const fields = { position: { before: all.indexOf(zone) + 1, after: behind + 1 } }
    const { name: subject } = zone
    await logChange(tx, { page: 'zones', kind: 'changed', subjectId: id, subject, agentId: agent.agentId, fields })
  })
}

async function zoneAt(tx: Tx, id: string, gone = false): Promise<ZoneRow> {
  const zone = isId(id) ? await zoneToChange(tx, { id }) : null
  if (!zone || (zone.removedAt !== null && !gone)) throw refuse('not_found')
  return zone
}

type Kind = 'created' | 'changed' | 'removed' | 'restored'

async function log(tx: Tx, agent: Agent, kind: Kind, zone: ZoneRow, before: ZoneRow | null): Promise<void> {
  const { id: subjectId, name: subject, changedAt: _, removedAt: __, ...after } = zone
  const fields = before ? changedFields(before, after) : {}
  await logChange(tx, { page: 'zones', kind, subjectId, subject, agentId: agent.agentId, fields })
}
