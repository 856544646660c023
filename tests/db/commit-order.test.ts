import { expect, test } from 'bun:test'
import type { SQL } from 'bun'
import type { Tx } from '../../src/platform/db/executor.ts'
import { startLaneWriter } from '../../src/platform/db/postgres/writer.ts'
import { until } from '../support/program.ts'

const asked = { locks: true, turn: null, evenWhenFull: false }

/** A server that answers each COMMIT when the test says so. */
function slowServer() {
  const commits: PromiseWithResolvers<{ command: string }>[] = []
  const unsafe = (statement: string) => {
    if (statement !== 'COMMIT') return Promise.resolve({ command: statement })
    const commit = Promise.withResolvers<{ command: string }>()
    commits.push(commit)
    return commit.promise
  }
  const client = () => ({ unsafe, options: { parsers: {}, serializers: {} }, close: () => Promise.resolve() })
  return { commits, pool: { reserve: () => Promise.resolve(client()) } as unknown as SQL }
}

/** As many turns of the event loop as anything may take that does not wait for the server. */
async function turns() {
  for (let n = 0; n < 5; n++) await new Promise((resolve) => setImmediate(resolve))
}

function writing(pool: SQL) {
  const writer = startLaneWriter(pool, 3, {}, () => true)
  const heard: string[] = []
  const write = (name: string) => {
    const body = async (tx: Tx) => writer.reactionsOf(tx)?.push(() => heard.push(name))
    return writer.run(body, asked).then(
      () => heard.push(`${name} acknowledged`),
      () => heard.push(`${name} refused`),
    )
  }
  return { heard, write }
}

test('what follows from a commit waits for those that were sent before it, its acknowledgement does not', async () => {
  const { commits, pool } = slowServer()
  const { heard, write } = writing(pool)
  const [first] = [write('first'), await until(() => commits[0] ?? null)]
  const [second] = [write('second'), await until(() => commits[1] ?? null)]
  commits[1]?.resolve({ command: 'COMMIT' })
  await second
  await turns()
  expect(heard).toEqual(['second acknowledged'])
  commits[0]?.resolve({ command: 'COMMIT' })
  await first
  await until(() => (heard.length === 4 ? true : null))
  expect(heard).toEqual(['second acknowledged', 'first acknowledged', 'first', 'second'])
})

test('a commit that fails holds nobody back', async () => {
  const { commits, pool } = slowServer()
  const { heard, write } = writing(pool)
  const [first] = [write('first'), await until(() => commits[0] ?? null)]
  const [second] = [write('second'), await until(() => commits[1] ?? null)]
  commits[1]?.resolve({ command: 'COMMIT' })
  await second
  commits[0]?.resolve({ command: 'ROLLBACK' })
  await first
  await until(() => (heard.includes('second') ? true : null))
  expect(heard).toEqual(['second acknowledged', 'first refused', 'second'])
})

test('a commit that lost a race and is made again follows in its new place', async () => {
  const { commits, pool } = slowServer()
  const { heard, write } = writing(pool)
  const [first] = [write('first'), await until(() => commits[0] ?? null)]
  const [second] = [write('second'), await until(() => commits[1] ?? null)]
  const lost = Object.assign(new Error('lost'), { code: 'ERR_POSTGRES_SERVER_ERROR', errno: '40001' })
  commits[0]?.reject(lost)
  await until(() => commits[2] ?? null)
  commits[2]?.resolve({ command: 'COMMIT' })
  await first
  commits[1]?.resolve({ command: 'COMMIT' })
  await second
  await until(() => (heard.length === 4 ? true : null))
  expect(heard).toEqual(['first acknowledged', 'second acknowledged', 'second', 'first'])
})
