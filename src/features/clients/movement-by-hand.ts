import type { Tx } from '../../platform/db/executor.ts'
import { writeLocking } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import {
  changeMovement,
  type ContainerMovement,
  keepMovement,
  movementToChange,
  readMovement,
} from '../containers/index.ts'
import { contactToChange, keepHandEdit } from '../contacts/index.ts'
import { editOf, mustBeSeen, readTyped, type Typed } from './hand-fields.ts'
import { tell } from './tell.ts'

type Agent = { agentId: string }

/**
 * Writes by an agent's hand that containers went to a contact or came back: anew, or `movementId`. Refuses `not_found`,
 * `fields_invalid`, and `edited_meanwhile` when it is another version than the one they saw.
 */
export async function writeMovement(
  agent: Agent,
  contactId: string,
  movementId: string | null,
  typed: Typed,
): Promise<void> {
  const told = readTyped(typed, ['delivered', 'returned'], (read) => {
    for (const name of ['type', 'at']) if (!read.raw(name)) read.wrong(name, 'missing')
    if (!Number(read.raw('delivered')) && !Number(read.raw('returned'))) read.wrong('delivered', 'missing')
    return readMovement(read)
  })
  const values = { delivered: 0, returned: 0, ...told, type: told.type ?? '', at: told.at ?? 0 }
  await writeLocking(async (tx) => {
    const before = await movementToWrite(tx, contactId, movementId)
    if (before) mustBeSeen(typed.version, before)
    const { movement, changed } = before
      ? await changeMovement(tx, before, values)
      : { movement: await keepMovement(tx, { ...values, contactId }), changed: true }
    if (changed) await afterHand(tx, agent, before, movement)
  })
}

/** Takes a movement away, or brings it back as it was. Refuses `not_found`. */
export async function removeMovement(
  agent: Agent,
  contactId: string,
  movementId: string,
  removed: boolean,
): Promise<void> {
  await writeLocking(async (tx) => {
    const before = await movementToWrite(tx, contactId, movementId, true)
    if (!before || (before.removedAt !== null) === removed) return
    const { movement } = await changeMovement(tx, before, { removedAt: removed ? now() : null })
    await afterHand(tx, agent, removed ? before : null, removed ? null : movement)
  })
}

async function movementToWrite(
  tx: Tx,
  contactId: string,
  movementId: string | null,
  gone = false,
): Promise<ContainerMovement | null> {
  if (!(await contactToChange(tx, { id: contactId }))) throw refuse('not_found')
  if (movementId === null) return null
  const movement = await movementToChange(tx, { id: movementId })
  if (movement?.contactId !== contactId || (movement.removedAt !== null && !gone)) throw refuse('not_found')
  return movement
}

async function afterHand(
  tx: Tx,
  agent: Agent,
  before: ContainerMovement | null,
  after: ContainerMovement | null,
): Promise<void> {
  const { contactId, type } = (after ?? before) as ContainerMovement
  const edit = editOf(type, before && shown(before), after && shown(after))
  await keepHandEdit(tx, agent, contactId, { field: 'movement', ...edit })
  await tell(tx, 'containers.changed', contactId)
}

const shown = ({ type, delivered, returned, at, note }: ContainerMovement) => ({ type, delivered, returned, at, note })
