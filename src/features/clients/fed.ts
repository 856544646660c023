import type { Tx } from '../../platform/db/executor.ts'
import { digest } from '../../platform/lib/id.ts'
import { FieldsInvalid } from '../../platform/http/api-problem.ts'
import type { FieldProblem } from '../../platform/lib/read-fields.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { type ContactRow, contactToChange } from '../contacts/index.ts'
import { type ZoneRow, zonesByName } from '../zones/index.ts'

/** What came of something that a program told: how it stands now, and whether it was new. */
export type Fed = { created: boolean; json: object }

/** What a program expects to find: that version, anything, or nothing. */
export type Expected = { match: string | null; noneMatch: string | null }

/** The version of something as a strong ETag: of all that is answered of it. */
export const etagOf = (json: object): string => `"${digest(JSON.stringify(json)).slice(0, 22)}"`

/** Refuses `precondition_failed` when something else than what was expected is there. */
export function mustBeExpected({ match, noneMatch }: Expected, there: object | null): void {
  const tag = there === null ? null : etagOf(there)
  if (match !== null && (tag === null || !isIn(match, tag))) throw refuse('precondition_failed')
  if (noneMatch !== null && tag !== null && isIn(noneMatch, tag)) throw refuse('precondition_failed')
}

const isIn = (list: string, tag: string): boolean =>
  list.trim() === '*' || list.split(',').some((one) => one.trim() === tag)

/** Whether anything has to be compared before a write: most programs do not ask for it. */
export const expectsSomething = ({ match, noneMatch }: Expected): boolean => match !== null || noneMatch !== null

export const wrong = (pointer: string, code: FieldProblem['code']): FieldsInvalid =>
  new FieldsInvalid([{ pointer, code }])

/** The contact that a program names, locked. Refuses `unknown_reference` at `/contact`. */
export async function namedContact(tx: Tx, externalId: string): Promise<ContactRow> {
  const contact = await contactToChange(tx, { externalId })
  if (!contact) throw wrong('/contact', 'unknown_reference')
  return contact
}

type NamesZone = { zone?: string | null; pointer: string }

/** The zones that addresses name, locked. Refuses `unknown_reference` at each that there is none of. */
export async function namedZones(tx: Tx, addresses: readonly NamesZone[]): Promise<Map<string, ZoneRow>> {
  const naming = addresses.filter((one): one is NamesZone & { zone: string } => typeof one.zone === 'string')
  const found = await zonesByName(
    tx,
    naming.map(({ zone }) => zone),
  )
  const unknown = naming.filter(({ zone }) => !found.has(zone))
  if (unknown.length === 0) return found
  throw new FieldsInvalid(unknown.map(({ pointer }) => ({ pointer: `${pointer}/zone`, code: 'unknown_reference' })))
}

/** An address as it is kept: with the id of its zone. */
export function withZone<A extends NamesZone>({ zone, pointer: _, ...told }: A, zones: Map<string, ZoneRow>) {
  return { ...told, ...(zone === undefined ? {} : { zoneId: zone === null ? null : (zones.get(zone)?.id ?? null) }) }
}
