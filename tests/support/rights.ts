import { spawnSync } from 'bun'
import { expect, test } from 'bun:test'

const isRoot = process.getuid?.() === 0

/** Begins a command whose mounts are seen by itself alone and end with it. Who is not root is it in his own eyes only. */
export const withOwnMounts = ['/usr/bin/unshare', ...(isRoot ? [] : ['--user', '--map-root-user']), '--mount']

const may = (...command: string[]) => spawnSync(command, { stdout: 'ignore', stderr: 'ignore' }).success

export const mayMount = may(...withOwnMounts, '/bin/mount', '--rbind', '/proc', '/proc')
/** Whether a whole small machine can be made: processes, network and mounts of its own, other users, device nodes. */
export const mayMakeMachines =
  isRoot &&
  may(
    ...withOwnMounts,
    '--pid',
    '--net',
    '--fork',
    '/bin/sh',
    '-c',
    'mount -t tmpfs none /mnt && mknod /mnt/null c 1 3',
  )
/** Whether processes can be put into a group of their own, as systemd does with every service. */
export const mayMakeGroups =
  isRoot &&
  may(
    ...[...withOwnMounts, '/bin/sh', '-c'],
    'mount -t cgroup2 none /mnt && mkdir /mnt/kontuar-trial && rmdir /mnt/kontuar-trial',
  )

type Test = (name: string, run: () => Promise<void>, limitMs?: number) => void

/**
 * `test` where this machine has what it takes; elsewhere a skip that is said loudly. In CI missing packages are a failure,
 * because `.ci/packages` can install them; missing rights cannot be helped.
 */
export function testIf(
  { rights = true, packages = true }: { rights?: boolean; packages?: boolean },
  what: string,
): Test {
  if (rights && packages) return test
  const why = `${what}: NOT tried, this machine lacks the ${rights ? 'packages (.ci/packages)' : 'rights'} for it`
  console.error(`\n!!! ${why}\n`)
  return process.env['CI'] && rights ? (name) => test(name, () => expect.unreachable(why)) : test.skip
}
