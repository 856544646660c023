import { join } from 'node:path'
import { buildExecutable, type Target } from '../../src/build/executable.ts'

const folder = join(import.meta.dir, '../../dist/tested')
const built = new Map<string, Promise<string>>()

/** The path of the executable, for this machine or for `target`: built once, by .ci/check.ts for all that it runs. */
export function executable(target?: Target): Promise<string> {
  const { TESTED_EXECUTABLE: ready } = process.env
  if (target === undefined && ready !== undefined) return Promise.resolve(ready)
  const name = target ? `kontuar-${target}` : 'kontuar'
  const known = built.get(name) ?? buildExecutable(join(folder, name), target)
  built.set(name, known)
  return known
}
