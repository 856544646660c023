import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { asc, eq } from 'drizzle-orm'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agents } from '../src/features/agents/schema.ts'
import { conversations, messages } from '../src/features/conversations/schema.ts'
import { finishConversation } from '../src/features/conversations/index.ts'
import { sendMessage } from '../src/features/messages/index.ts'
import { createSite, type SiteRow } from '../src/features/sites/index.ts'
import { db } from '../src/platform/db/open.ts'
import { write } from '../src/platform/db/write.ts'
import { openHouse, type TestHouse } from './support/house.ts'
import { newClientId } from './support/visitor-client.ts'

const example = join(import.meta.dir, '../docs/examples/visitor.mjs')
const anna = { kind: 'agent', agentId: '0192f0c0-55aa-7b21-b1f0-6a1d2c3e4f50', name: 'Anna' } as const

// The example promises to run under both. Before 22 Node has its WebSocket behind a flag.
const node = Bun.which('node')
const nodeMajor = node
  ? Number(Bun.spawnSync([node, '-p', 'process.versions.node.split(".")[0]']).stdout.toString())
  : 0
const runtimes: [name: string, command: string[]][] = [
  ['bun', [process.execPath]],
  ...(node && nodeMajor >= 20
    ? ([['node', nodeMajor >= 22 ? [node] : [node, '--experimental-websocket', '--no-warnings']]] as [
        string,
        string[],
      ][])
    : []),
]

let house: TestHouse

beforeAll(async () => {
  house = await openHouse()
  const row = { id: anna.agentId, email: 'anna@example.org', emailFolded: 'anna@example.org', name: anna.name }
  await write((tx) => tx.insert(agents).values({ ...row, role: 'agent', passwordHash: '-', createdAt: 1 }))
})

afterAll(() => house.close())

test('the example stays under 100 lines and needs nothing installed', () => {
  const text = readFileSync(example, 'utf8')
  expect(text.trimEnd().split('\n').length).toBeLessThan(100)
  const imported = [...text.matchAll(/from '([^']+)'/g)].map(([, name]) => name)
  expect(imported.filter((name) => !name?.startsWith('node:'))).toEqual([])
})

/** The example in a process of its own. */
function visitor(command: string[], site: SiteRow, file: string, url = house.url) {
  const child = Bun.spawn([...command, example, url, site.id, file], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const reading = (async () => {
    const decoder = new TextDecoder()
    let rest = ''
    for await (const chunk of child.stdout) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
      for (const look of waiting) look()
    }
  })()
  return {
    lines,
    async type(...texts: string[]) {
      void child.stdin.write(texts.map((text) => `${text}\n`).join(''))
      await child.stdin.flush()
    },
    /** Waits until it has printed a line that ends so. */
    printed: (end: string) =>
      new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`"${end}" was not printed; so far: ${lines.join(' | ')}`)),
          20_000,
        )
        const look = () => {
          if (!lines.some((line) => line.endsWith(end))) return
          clearTimeout(timer)
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    async kill() {
      child.kill('SIGKILL')
      await child.exited
      await reading
    },
  }
}

const storedAt = async (site: SiteRow) => {
  const [conversation] = await db.select().from(conversations).where(eq(conversations.siteId, site.id))
  if (!conversation) return { conversationId: '', entries: [] }
  const entries = await db
    .select()
    .from(messages)
    .where(eq(messages.conversationId, conversation.id))
    .orderBy(asc(messages.seq))
  return { conversationId: conversation.id, entries }
}

const numbered = (word: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => `${word} ${from + n}`)

/** A server that loses entry 5 on its way, as "A hole, step by step" of docs/protocol.md tells it. */
function losingServer() {
  const asked: number[] = []
  const log = [1, 2, 4, 5, 6].map((seq, n, all) => ({
    type: 'entry',
    conversationId: 'c',
    seq,
    after: all[n - 1] ?? 0,
    kind: 'text',
    author: { kind: 'system' },
    body: `entry ${seq}`,
    at: 0,
  }))
  let newest = 2
  const server = Bun.serve({
    port: 0,
    fetch: (request, upgrading) =>
      upgrading.upgrade(request) ? undefined : Response.json({ visitorToken: 'k1.x', site: {}, availability: {} }),
    websocket: {
      message(ws, text) {
        const frame = JSON.parse(String(text)) as { type: string; seq: number }
        const say = (answer: object) => ws.send(JSON.stringify(answer))
        if (frame.type === 'hello')
          say({ type: 'welcome', conversations: [{ id: 'c', seq: 2, state: 'active', readSeq: 0 }] })
        if (frame.type !== 'since') return
        asked.push(frame.seq)
        const items = log.filter(({ seq }) => seq > frame.seq && seq <= newest)
        say({ type: 'entries', conversationId: 'c', from: frame.seq, to: newest, items, more: false, readSeq: 0 })
        if (asked.length > 1) return
        newest = 6
        for (const entry of [log[2], log[4]]) if (entry) say(entry)
        say({ type: 'a frame of the future' })
      },
    },
  })
  return { url: server.url.origin, asked, stop: () => server.stop(true) }
}

test('the example shows what it has by a page at first, and asks for what was lost on the way', async () => {
  const server = losingServer()
  const boris = visitor([process.execPath], { id: 'x' } as SiteRow, join(house.folder, 'losing.json'), server.url)
  try {
    await boris.printed('entry 6')
    expect(boris.lines).toEqual([1, 2, 4, 5, 6].map((seq) => `${seq} system: entry ${seq}`))
    expect(server.asked).toEqual([0, 4])
  } finally {
    await boris.kill()
    await server.stop()
  }
})

for (const [runtime, command] of runtimes) {
  describe(`the example under ${runtime}`, () => {
    test('has every message kept once and in order, over a restart of the server and a kill of its own', async () => {
      const site = await write((tx) => createSite(tx, { name: 'Spring water', greeting: 'Hello!' }))
      const file = join(house.folder, `visitor-${runtime}.json`)
      let boris = visitor(command, site, file)
      try {
        await boris.type(...numbered('before', 1, 20))
        await boris.printed('before 20')
        const { conversationId } = await storedAt(site)
        await sendMessage(anna, { clientId: newClientId(), body: 'I am here.', conversationId })
        await boris.printed('Anna: I am here.')

        // The restart meets messages under way, and an answer comes while nobody listens.
        await boris.type(...numbered('during', 1, 50))
        await boris.printed('during 3')
        const restarting = house.reopen()
        await boris.type(...numbered('during', 51, 60))
        await restarting
        await sendMessage(anna, { clientId: newClientId(), body: 'Sorry, we were away.', conversationId })
        await boris.printed('during 60')
        await boris.printed('Anna: Sorry, we were away.')

        // Killed with a full queue, it finds it again.
        await boris.type(...numbered('after', 1, 150))
        await boris.printed('after 2')
        await boris.kill()
        boris = visitor(command, site, file)
        await boris.printed('after 2')
        await finishConversation(anna, conversationId)
        await boris.printed('Anna finished')
        await boris.type('the last')
        await boris.printed('the last')
      } finally {
        await boris.kill()
      }

      const { entries } = await storedAt(site)
      expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1))
      const written = entries.filter(({ authorKind, kind }) => authorKind === 'visitor' && kind === 'text')
      const bodies = written.map(({ body }) => body)
      const kept = bodies.length - 81
      expect(kept).toBeGreaterThan(1)
      expect(bodies).toEqual([
        ...numbered('before', 1, 20),
        ...numbered('during', 1, 60),
        ...numbered('after', 1, kept),
        'the last',
      ])
      // What the last process has printed is the conversation as its visitor may see it.
      const visible = entries.filter((entry) => entry.public)
      expect(boris.lines.map((line) => Number(line.split(' ')[0]))).toEqual(visible.map(({ seq }) => seq))
    }, 60_000)
  })
}
