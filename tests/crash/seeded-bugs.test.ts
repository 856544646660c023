import { afterAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check, type CheckNumber } from './checker.ts'
import { comesBetweenPages, Directed, diesBeforeAck, diesBeforeCommit, fillsTheDisk, type Story } from './directed.ts'
import { copyOfTheTree, type Patch, plant, root } from './planting.ts'
import { SlowFsync } from './slow-fsync.ts'
import { SmallDisk } from './small-disk.ts'

// The proof of the proof: each bug is planted in a copy of the real code, and the checker has to find it.

type Bug = { name: string; red: CheckNumber; story: Story; patches: Patch[] }

const folder = mkdtempSync(join(tmpdir(), 'kontuar-seeded-'))
const slowest = 60_000
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const writer = 'src/platform/db/group-writer.ts'
const sending = 'src/features/messages/send-message.ts'
const migration = 'migrations/sqlite/'

/** Time for what was said too early to leave the process, before it dies at the fail point that follows. */
const aMoment = 'await new Promise((resolve) => setTimeout(resolve, 50))'
const beforeCommit = { file: writer, find: 'to.hooks.beforeCommit?.()' }
const look = '(await findRepeat(tx, actor, message)) ?? (await keep(tx, actor, message))'

const noUniqueIndex: Patch = { file: migration, find: 'UNIQUE INDEX `messages_once`', replace: 'INDEX `messages_once`' }

const bugs: Bug[] = [
  {
    name: 'ack before commit',
    red: 1,
    story: diesBeforeCommit,
    patches: [{ ...beforeCommit, replace: `settle(group); ${aMoment}; to.hooks.beforeCommit?.()` }],
  },
  {
    name: 'publish before commit',
    red: 6,
    story: diesBeforeCommit,
    patches: [
      {
        file: 'src/platform/live/bus.ts',
        find: 'afterCommit(tx, () => publish(name, event))',
        replace: 'publish(name, event)',
      },
      { ...beforeCommit, replace: `${aMoment}; to.hooks.beforeCommit?.()` },
    ],
  },
  {
    name: 'no unique index and no look-up',
    red: 1,
    story: diesBeforeAck,
    patches: [noUniqueIndex, { file: sending, find: look, replace: 'await keep(tx, actor, message)' }],
  },
  {
    name: 'drop on full',
    red: 1,
    story: fillsTheDisk,
    patches: [
      {
        file: writer,
        find: 'for (const job of group) job.reject(refusalOf(mode))',
        replace: 'for (const job of group) job.resolve(job.outcome.ok ? job.outcome.value : undefined)',
      },
    ],
  },
  {
    name: 'watermark past a hole',
    red: 4,
    story: comesBetweenPages,
    patches: [
      {
        file: 'tests/crash/readers.ts',
        find: 'const pastHole = entry.after > reader.watermark',
        replace: 'const pastHole = false',
      },
    ],
  },
  {
    name: 'retry into a new conversation',
    red: 2,
    story: diesBeforeAck,
    patches: [
      noUniqueIndex,
      {
        file: migration,
        find: 'UNIQUE INDEX `conversations_one_unfinished`',
        replace: 'INDEX `conversations_one_unfinished`',
      },
      {
        file: sending,
        find: look,
        replace: `keep(tx, actor, (await findRepeat(tx, actor, message)) ? { ...message, conversationId: 'new' } : message)`,
      },
      {
        file: 'src/features/messages/visitor-door.ts',
        find: 'const door = await atTheDoor(visitor, tx)',
        replace: `const door = await atTheDoor(visitor, tx)\n  if (conversationId === 'new') return { conversation: null, greeting: null }`,
      },
    ],
  },
]

const isTellable = (story: Story): boolean => story !== fillsTheDisk || SmallDisk.possible()
const stories: [name: string, story: Story][] = [
  ['dies before COMMIT', diesBeforeCommit],
  ['dies before the ack', diesBeforeAck],
  ['fills the disk', fillsTheDisk],
  ['comes between pages', comesBetweenPages],
]

describe('the real code is green in every story', () => {
  test.each(stories.filter(([, story]) => isTellable(story)))(
    '%s',
    async (name, story) => {
      const run = mkdtempSync(join(folder, 'real-'))
      expect(check(await story(run, root)).violations, name).toEqual([])
    },
    slowest,
  )
})

describe('a planted bug is found', () => {
  test.each(bugs.filter(({ story }) => isTellable(story)))(
    '$name turns check $red red',
    async ({ red, story, patches }) => {
      const tree = copyOfTheTree(folder)
      for (const patch of patches) plant(tree, patch)
      const { violations } = check(await story(mkdtempSync(join(folder, 'run-')), tree))
      expect(violations.map(({ check: number }) => number)).toContain(red)
    },
    slowest,
  )
})

// SIGKILL leaves the system's cache alone, so no crash shows whether an ack waited for the disk: a slow disk does.
describe('an acknowledgement waits for the disk', () => {
  const slowMs = 2000
  const ackAfterMs = async (tree: string): Promise<number> => {
    const run = mkdtempSync(join(folder, 'slow-'))
    const slowFsync = SlowFsync.build(run)
    const house = await Directed.open(run, tree, null, { environment: slowFsync.environment })
    try {
      await house.send()
      await house.quiet()
      slowFsync.delay(slowMs)
      const from = performance.now()
      await house.send()
      return performance.now() - from
    } finally {
      slowFsync.delay(0)
      slowFsync.close()
      await house.close()
    }
  }

  test(
    'the real code does',
    async () => {
      expect(await ackAfterMs(root)).toBeGreaterThan(slowMs)
    },
    slowest,
  )

  test(
    'a commit without fsync is found',
    async () => {
      const tree = copyOfTheTree(folder)
      plant(tree, { file: 'src/platform/db/sqlite.ts', find: 'synchronous = FULL', replace: 'synchronous = NORMAL' })
      expect(await ackAfterMs(tree)).toBeLessThan(slowMs)
    },
    slowest,
  )
})
