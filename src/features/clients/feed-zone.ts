import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { logChange, changedFields } from '../settings/index.ts'
import { changeZone, keepZone, type ZoneChange, type ZoneRow, zoneToChange } from '../zones/index.ts'
import { zoneJson } from './as-json.ts'
import { type Expected, type Fed, mustBeExpected, wrong } from './fed.ts'
import { settlePeopleOf } from './settle-zones.ts'

/** Keeps what a program tells of a zone. Refuses `fields_invalid` and `precondition_failed`. */
export const feedZone = (externalId: string, told: ZoneChange, expected: Expected): Promise<Fed> =>
  writeLocking(async (tx) => {
    const before = await zoneToChange(tx, { externalId })
    const there = before?.removedAt === null ? before : null
    mustBeExpected(expected, there && zoneJson(there))
    if (!before) {
      if (told.name === undefined) throw wrong('/name', 'missing')
      const zone = await keepZone(tx, { ...told, name: told.name, externalId })
      await log(tx, 'created', zone)
      return { created: true, json: zoneJson(zone) }
    }
    const zone = await changeZone(tx, before, { ...told, removedAt: null })
    if (zone !== before) await log(tx, there ? 'changed' : 'restored', zone, before)
    // Whoever lived in it does again.
    if (!there) await settlePeopleOf(tx, zone.id)
    return { created: !there, json: zoneJson(zone) }
  })

/** Takes a zone away. One that is gone stays so. Refuses `not_found` and `precondition_failed`. */
export const removeFedZone = (externalId: string, expected: Expected): Promise<void> =>
  writeLocking(async (tx) => {
    const before = await zoneToChange(tx, { externalId })
    if (!before) throw refuse('not_found')
    mustBeExpected(expected, before.removedAt === null ? zoneJson(before) : null)
    if (before.removedAt !== null) return
    await changeZone(tx, before, { removedAt: now() })
    await settlePeopleOf(tx, before.id)
    await log(tx, 'removed', before)
  })

type Tx = Parameters<typeof changeZone>[0]

/** By nobody's hand: a program did it. */
async function log(tx: Tx, kind: 'created' | 'changed' | 'removed' | 'restored', zone: ZoneRow, before?: ZoneRow) {
  const { id: subjectId, name: subject } = zone
  const { changedAt: _, removedAt: __, ...after } = zone
  const fields = before ? changedFields(before, after) : {}
  await logChange(tx, { page: 'zones', kind, subjectId, subject, agentId: null, fields })
}
