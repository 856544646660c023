import type { AnyElysia } from 'elysia'
import type { Config } from '../config.ts'
import type { Jobs } from './jobs/worker.ts'

/** What a feature plugs into the house. Only `features.ts` imports plugs. */
export type Feature = {
  readonly name: string
  /** Its pages and endpoints. */
  routes?(config: Config): AnyElysia
  /** Its outbox jobs, by the name that `enqueue` uses. */
  jobs?: Jobs
  /** Starts listening to events; runs once the store is open and before the first request. */
  start?(config: Config): void | Promise<void>
  /** Lets go of connections and timers; runs in reverse order, before the store is closed. */
  stop?(): void | Promise<void>
}
