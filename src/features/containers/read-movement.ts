import { emptied, type FieldReader, withoutGaps } from '../../platform/lib/read-fields.ts'
import type { ContainerMovement } from './schema.ts'

/** What can be told of a movement; what is not in it stays as it is. */
export type MovementChange = Partial<Pick<ContainerMovement, 'type' | 'delivered' | 'returned' | 'at' | 'note'>>

const most = { type: 60, count: 1_000_000, note: 300 }

/** Reads what is told of containers that went to a contact or came back. What is wrong goes to the reader's problems. */
export function readMovement(read: FieldReader): MovementChange {
  const type = read.line('type', most.type)
  if (type === '') read.wrong('type', 'missing')
  return withoutGaps({
    type: type || undefined,
    delivered: read.whole('delivered', 0, most.count) ?? undefined,
    returned: read.whole('returned', 0, most.count) ?? undefined,
    at: read.time('at') ?? undefined,
    note: emptied(read.text('note', most.note)),
  })
}
