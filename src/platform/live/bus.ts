import { afterCommit } from '../db/write.ts'
import type { Tx } from '../db/executor.ts'
import { log } from '../lib/log.ts'

/**
 * What has happened in the house: past tense, immutable. Features add theirs in `events.ts`:
 * `declare module '../../platform/live/bus.ts' { interface Events { 'message.sent': {...} } }`
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging
export interface Events {}

type Name = keyof Events
type Listener<N extends Name> = (event: Events[N]) => void
type Reaction<N extends Name> = (tx: Tx, event: Events[N]) => Promise<void>

const listeners = new Map<string, Listener<Name>[]>()
const reactions = new Map<string, Reaction<Name>[]>()

/** Listens to what was committed, in the order of the commits. A listener never stops another, nor the sender. */
export function on<N extends Name>(name: N, listener: Listener<N>): void {
  listeners.set(name, [...(listeners.get(name) ?? []), listener as unknown as Listener<Name>])
}

/** Adds writes of its own, outbox rows above all, to the transaction in which the event is recorded. */
export function reactInside<N extends Name>(name: N, reaction: Reaction<N>): void {
  reactions.set(name, [...(reactions.get(name) ?? []), reaction as unknown as Reaction<Name>])
}

/** Records an event inside a write: durable reactions join the transaction, listeners hear of it after the commit. */
export async function record<N extends Name>(tx: Tx, name: N, event: Events[N]): Promise<void> {
  for (const reaction of reactions.get(name) ?? []) await reaction(tx, event as Events[Name])
  afterCommit(tx, () => publish(name, event))
}

/** Tells listeners of something that is not stored: typing, presence. What was written is told with `record`. */
export function publish<N extends Name>(name: N, event: Events[N]): void {
  for (const listener of listeners.get(name) ?? []) {
    try {
      listener(event as Events[Name])
    } catch (error) {
      log.error('a listener failed', { event: name, error })
    }
  }
}

/** Forgets all listeners and reactions: a house that closes leaves nothing to the next one in this process. */
export function clearBus(): void {
  listeners.clear()
  reactions.clear()
}
