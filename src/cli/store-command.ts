import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { StorePlace } from '../config.ts'
import { closeStore, openStore } from '../platform/db/open.ts'
import { callControl } from '../platform/http/control.ts'
import { CannotStart } from '../platform/lib/cannot-start.ts'
import { type ControlName, controlCommands } from './control-commands.ts'

type Result<N extends ControlName> = Awaited<ReturnType<(typeof controlCommands)[N]>>
type Arguments<N extends ControlName> = Parameters<(typeof controlCommands)[N]> extends [infer A] ? A : null

/**
 * Runs a command where the data is: in the server if one runs on the folder, else here with the store opened for it.
 * Both are the same function of `control-commands.ts`. `reads` says that it only reads: no store is made for it then.
 */
export async function runOnStore<N extends ControlName>(
  place: StorePlace,
  name: N,
  args: Arguments<N>,
  { reads = false } = {},
): Promise<Result<N>> {
  const answered = await callControl(place.data, name, args)
  if (answered) return answered.result as Result<N>
  if (reads) mustHaveData(place)
  return runHere(place, name, args)
}

/** A mistyped --data must not make a new store. */
function mustHaveData({ data, databaseUrl }: StorePlace): void {
  if (databaseUrl !== null || existsSync(join(data, 'kontuar.db'))) return
  throw new CannotStart(`There is no Kontuar data in ${data}: name its folder with --data.`)
}

async function runHere<N extends ControlName>(
  { data: folder, databaseUrl }: StorePlace,
  name: N,
  args: Arguments<N>,
): Promise<Result<N>> {
  try {
    await openStore(folder, { databaseUrl })
  } catch (error) {
    // A server that is just starting holds the folder before it listens.
    const answered = error instanceof CannotStart ? await callSoon(folder, name, args) : null
    if (answered) return answered.result as Result<N>
    throw error
  }
  try {
    const run = controlCommands[name] as unknown as (args: Arguments<N>) => Promise<Result<N>>
    return await run(args)
  } finally {
    await closeStore()
  }
}

async function callSoon(folder: string, name: ControlName, args: unknown): Promise<{ result: unknown } | null> {
  const until = performance.now() + 3000
  while (performance.now() < until) {
    const answered = await callControl(folder, name, args)
    if (answered) return answered
    await Bun.sleep(100)
  }
  return null
}
