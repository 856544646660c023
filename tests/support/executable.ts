import { join } from 'node:path'
import { buildExecutable, type Target } from '../../src/build/executable.ts'

const folder = join(import.meta.dir, '../../dist/tested')
const built = new Map<string, Promise<string>>()

/** The path of the executable, for this machine or for `target`: built once for all the files of a run. */
export function executable(target?: Target): Promise<string> {
  const name = target ? `kontuar-${target}` : 'kontuar'
  const known = built.get(name) ?? buildExecutable(join(folder, name), target)
  built.set(name, known)
  return known
}
