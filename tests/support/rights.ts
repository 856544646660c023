import { spawnSync } from 'bun'
import { expect, test } from 'bun:test'

const isRoot = process.getuid?.() === 0

/** Begins a command whose mounts are seen by itself alone and end with it. Who is not root is it in his own eyes only. */
export const withOwnMounts = ['/usr/bin/unshare', ...(isRoot ? [] : ['--user', '--map-root-user']), '--mount']

const may = (...command: string[]) => spawnSync(command, { stdout: 'ignore', stderr: 'ignore' }).success

export const mayMount = may(...withOwnMounts, '/bin/mount', '--rbind', '/proc', '/proc')
/** Whether a whole small machine can be made: processes, network and mounts of its own, other users, device nodes. */
export const mayMakeMachines =
  isRoot && may(...withOwnMounts, '--pid', '--net', '--fork', '/bin/mount', '-t', 'proc', 'proc', '/proc')

type Test = (name: string, run: () => Promise<void>, limitMs?: number) => void

/** `test` where this machine has what it takes; elsewhere a skip that is said loudly, and in CI a failure. */
export function testIf(possible: boolean, what: string): Test {
  if (possible) return test
  const why = `${what}: NOT tried, this machine lacks the rights or the packages for it (.ci/packages)`
  console.error(`\n!!! ${why}\n`)
  return process.env['CI'] ? (name) => test(name, () => expect.unreachable(why)) : test.skip
}
