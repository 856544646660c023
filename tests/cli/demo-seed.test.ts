import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { catalogues } from '../../src/catalogues/catalogues.ts'
import { compose } from '../../src/cli/demo-seed/compose.ts'
import { pool, topics } from '../../src/cli/demo-seed/lines.ts'
import { planDemo } from '../../src/cli/demo-seed/plan.ts'
import { randomOf } from '../../src/cli/demo-seed/random.ts'
import { staff } from '../../src/cli/demo-seed/staff.ts'
import { handOf, typed } from '../../src/cli/demo-seed/typing.ts'
import { showProgress } from '../../src/cli/progress.ts'
import { isId } from '../../src/platform/lib/id.ts'
import { check } from '../crash/checker.ts'
import { readFinal } from '../crash/final.ts'
import { SmallDisk } from '../crash/small-disk.ts'
import { AgentClient } from '../support/agent-client.ts'
import { collect, freshFolder, builtProgram, run, startServing, until } from '../support/program.ts'
import { testIf } from '../support/rights.ts'

const end = '2026-06-15T14:00Z'
const password = 'correct horse battery'

const seed = (folder: string, ...flags: (string | number)[]) =>
  run(builtProgram, ['demo', 'seed', '--data', folder, ...flags.map(String)])

/** One clear line on stderr, nothing on stdout. */
async function failure(folder: string, ...flags: (string | number)[]): Promise<{ code: number; line: string }> {
  const { code, stdout, stderr } = await seed(folder, ...flags)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^kontuar: [^\n]+\n$/)
  return { code, line: stderr.slice('kontuar: '.length, -1) }
}

function reading<T>(folder: string, read: (sqlite: Database) => T): T {
  using sqlite = new Database(join(folder, 'kontuar.db'), { readonly: true })
  return read(sqlite)
}

const rowsOf = <R>(folder: string, query: string): R[] => reading(folder, (sqlite) => sqlite.query(query).all() as R[])
const numberOf = (folder: string, query: string): number =>
  Number(Object.values(rowsOf<Record<string, number>>(folder, query)[0] ?? {})[0])

/** Every row of every table but what hashing makes new each time. */
function contents(folder: string): Record<string, unknown[]> {
  const tables = rowsOf<{ name: string }>(
    folder,
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'",
  )
  return Object.fromEntries(
    tables.map(({ name }) => {
      const rows = rowsOf<Record<string, unknown>>(folder, `SELECT * FROM ${name} ORDER BY 1, 2`)
      return [name, rows.map(({ password_hash: _, ...row }) => row)]
    }),
  )
}

describe('a folder that was seeded', () => {
  let folder: Awaited<ReturnType<typeof freshFolder>>
  let said: { code: number; stdout: string; stderr: string }
  beforeAll(async () => {
    folder = await freshFolder()
    said = await seed(folder.path, '--conversations', 300, '--messages', 2500, '--until', end)
  })
  afterAll(() => folder[Symbol.asyncDispose]())
  const counted = (query: string) => numberOf(folder.path, `SELECT count(*) FROM ${query}`)

  test('has as many conversations and texts as were asked for, two sites and six agents', () => {
    expect(said.code).toBe(0)
    expect(said.stdout).toContain('300 conversations (24 open) with 2500 messages')
    expect(counted('conversations')).toBe(300)
    expect(counted("messages WHERE kind = 'text'")).toBe(2500)
    expect(counted('sites')).toBe(2)
    expect(counted("sites WHERE greeting <> ''")).toBe(1)
    expect(rowsOf(folder.path, 'SELECT role, count(*) n FROM agents GROUP BY role ORDER BY role')).toEqual([
      { role: 'admin', n: 1 },
      { role: 'agent', n: 4 },
      { role: 'owner', n: 1 },
    ])
  })

  test('has zones, addresses, orders, containers and templates, and everybody stands in the zone where they live', () => {
    expect([counted('zones'), counted("templates WHERE locale = 'ru'")]).toEqual([8, 6])
    for (const table of ['contact_addresses', 'orders', 'container_movements'])
      expect(counted(table)).toBeGreaterThan(100)
    expect(counted('contacts WHERE zone_id IS NULL')).toBeGreaterThan(5)
    // The address of the last order, else the main one.
    const lives = `(SELECT zone_id FROM contact_addresses a WHERE a.id = coalesce(
      (SELECT address_id FROM orders o WHERE o.contact_id = c.id ORDER BY placed_at DESC, id DESC LIMIT 1),
      (SELECT id FROM contact_addresses m WHERE m.contact_id = c.id AND main)))`
    expect(counted(`contacts c WHERE zone_id IS NOT ${lives}`)).toBe(0)
    const visitors = 'visitors v ON v.id = conversations.visitor_id LEFT JOIN contacts c ON c.id = v.contact_id'
    expect(counted(`conversations JOIN ${visitors} WHERE conversations.zone_id IS NOT c.zone_id`)).toBe(0)
    expect(counted('orders WHERE number_folded <> number')).toBe(0)
    const owed = 'SELECT sum(delivered) - sum(returned) owed FROM container_movements GROUP BY contact_id'
    expect(rowsOf<{ owed: number }>(folder.path, owed).every((one) => one.owed >= 0)).toBe(true)
  })

  test('keeps every promise of the store: logs without gaps, and state that says what they say', async () => {
    const final = await readFinal({ data: folder.path, database: null })
    const { violations } = check({ history: [], final, readers: [], sink: [] })
    // Nothing was sent to a server, so only what the log and the state say of each other can be asked of it.
    expect(violations.filter(({ check: number }) => number === 3 || number === 10)).toEqual([])
    expect(rowsOf(folder.path, 'PRAGMA foreign_key_check')).toEqual([])
    const broken = {
      publicBefore: `messages m WHERE public_before <> coalesce((SELECT max(seq) FROM messages b
        WHERE b.conversation_id = m.conversation_id AND b.seq < m.seq AND b.public = 1), 0)`,
      lastText: `conversations c JOIN messages m ON m.conversation_id = c.id WHERE m.kind = 'text' AND m.seq =
        (SELECT max(seq) FROM messages t WHERE t.conversation_id = c.id AND t.kind = 'text')
        AND (c.last_text <> substr(m.body, 1, 200) OR c.last_author_kind <> m.author_kind)`,
      lastEntryAt: `conversations c WHERE last_entry_at <>
        (SELECT at FROM messages WHERE conversation_id = c.id AND seq = c.last_seq)`,
      waitingSince: "conversations WHERE (state = 'waiting') <> (waiting_since IS NOT NULL)",
      holder: "conversations WHERE (state = 'active') <> (agent_id IS NOT NULL)",
      timesGoBack: `messages m JOIN messages b ON b.conversation_id = m.conversation_id AND b.seq = m.seq - 1
        WHERE b.at > m.at`,
      readPastTheEnd: 'reads r JOIN conversations c ON c.id = r.conversation_id WHERE r.seq > c.last_seq OR r.seq < 1',
      readsOfStrangers: `reads r JOIN conversations c ON c.id = r.conversation_id
        WHERE r.reader_kind = 'visitor' AND r.reader_id <> c.visitor_id`,
      otherSite: 'conversations c JOIN visitors v ON v.id = c.visitor_id WHERE v.site_id <> c.site_id',
      keyless: "messages WHERE kind = 'text' AND author_kind <> 'system' AND (client_id IS NULL OR digest IS NULL)",
    }
    for (const [what, query] of Object.entries(broken)) expect([what, counted(query)]).toEqual([what, 0])
  })

  test('has a month that ends at the given moment', () => {
    const until = Date.parse(end)
    const month = 30 * 86_400_000
    expect(numberOf(folder.path, 'SELECT min(at) FROM messages')).toBeGreaterThanOrEqual(until - month)
    expect(numberOf(folder.path, 'SELECT max(at) FROM messages')).toBeLessThanOrEqual(until)
    expect(numberOf(folder.path, 'SELECT max(at) FROM reads')).toBeLessThanOrEqual(until)
    const waiting = numberOf(folder.path, 'SELECT min(waiting_since) FROM conversations')
    expect(waiting).toBeGreaterThan(until - 4 * 3_600_000)
  })

  test('has ids that tell the time of their row', () => {
    const rows = rowsOf<{ id: string; created_at: number }>(
      folder.path,
      'SELECT id, created_at FROM conversations UNION SELECT id, created_at FROM visitors UNION SELECT id, created_at FROM contacts',
    )
    expect(rows.length).toBeGreaterThan(700)
    for (const { id, created_at: at } of rows) {
      expect([id, isId(id), id[14]]).toEqual([id, true, '7'])
      expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(at)
    }
  })

  test('shows every state: all agents have some, visitors who came back, strangers and contacts, what is read and what is not', () => {
    const states = rowsOf(folder.path, 'SELECT state, count(*) n FROM conversations GROUP BY state ORDER BY state')
    expect(states).toEqual([
      { state: 'active', n: 14 },
      { state: 'finished', n: 276 },
      { state: 'waiting', n: 10 },
    ])
    expect(numberOf(folder.path, 'SELECT count(DISTINCT agent_id) FROM conversations')).toBe(6)
    expect(counted("messages WHERE body = 'reopened' AND author_kind = 'visitor'")).toBeGreaterThan(20)
    expect(counted("messages WHERE body = 'reopened' AND author_kind = 'agent'")).toBeGreaterThan(0)
    expect(counted("conversations WHERE state = 'waiting' AND previous_agent_id IS NOT NULL")).toBeGreaterThan(0)
    expect(counted('(SELECT 1 FROM conversations GROUP BY visitor_id HAVING count(*) > 1)')).toBeGreaterThan(0)
    expect(
      counted('(SELECT 1 FROM visitors WHERE contact_id IS NOT NULL GROUP BY contact_id HAVING count(*) > 1)'),
    ).toBeGreaterThan(0)
    expect(counted('visitors WHERE contact_id IS NULL')).toBeGreaterThan(60)
    expect(counted('visitors WHERE contact_id IS NOT NULL')).toBeGreaterThan(120)
    const unread = "reads r JOIN conversations c ON c.id = r.conversation_id WHERE reader_kind = 'visitor' AND seq"
    expect(counted(`${unread} < last_public_seq`)).toBeGreaterThan(10)
    expect(counted(`${unread} = last_public_seq`)).toBeGreaterThan(100)
  })

  test('knows of every visitor what browser they have, and last saw them after their last words', () => {
    expect(counted('visitors WHERE language IS NULL OR time_zone IS NULL OR user_agent IS NULL')).toBe(0)
    expect(counted('visitors WHERE referrer IS NULL')).toBeGreaterThan(50)
    expect(numberOf(folder.path, 'SELECT count(DISTINCT user_agent) FROM visitors')).toBeGreaterThan(5)
    expect(numberOf(folder.path, 'SELECT max(last_seen_at) FROM visitors')).toBeLessThanOrEqual(Date.parse(end))
    const words = `messages m JOIN conversations c ON c.id = m.conversation_id JOIN visitors v ON v.id = c.visitor_id
      WHERE m.author_kind = 'visitor' AND m.kind = 'text'`
    expect(counted(words)).toBeGreaterThan(1000)
    expect(counted(`${words} AND m.at > v.last_seen_at`)).toBe(0)
  })

  test('speaks four languages, with links, emoji, several lines and long letters', () => {
    const texts = rowsOf<{ body: string }>(folder.path, "SELECT body FROM messages WHERE kind = 'text'").map(
      ({ body }) => body,
    )
    const saying = (pattern: RegExp) => texts.filter((text) => pattern.test(text)).length
    for (const [language, pattern] of Object.entries({
      ru: /[а-я]{4}/i,
      pl: /[ąęłśżź]|Dzie|proszę/i,
      fr: /\b(bonjour|merci|vous|livreur)\b/i,
      en: /\b(the|thank|please)\b/i,
    }))
      expect([language, saying(pattern) > 50]).toEqual([language, true])
    expect(saying(/https:\/\//)).toBeGreaterThan(5)
    expect(saying(/\p{Emoji_Presentation}/u)).toBeGreaterThan(20)
    expect(saying(/\n/)).toBeGreaterThan(20)
    expect(texts.some((text) => text.length > 400)).toBe(true)
    expect(saying(/\{\w+\}/)).toBe(0)
  })

  test('is answered while the shop is open, and quieter on Sundays', () => {
    const inZone = new Intl.DateTimeFormat('en-GB', {
      timeZone: 'Europe/Warsaw',
      hour: 'numeric',
      weekday: 'short',
      hourCycle: 'h23',
    })
    const at = (ms: number) => inZone.formatToParts(ms).map(({ value }) => value)
    const times = (by: string) =>
      rowsOf<{ at: number }>(folder.path, `SELECT at FROM messages WHERE author_kind = '${by}'`).map((row) =>
        at(row.at),
      )
    const answered = times('agent').map((parts) => Number(parts.at(-1)))
    expect(answered.filter((hour) => hour < 8 || hour >= 21).length / answered.length).toBeLessThan(0.05)
    const asked = times('visitor')
    expect(asked.filter((parts) => Number(parts.at(-1)) >= 21 || Number(parts.at(-1)) < 8).length).toBeGreaterThan(5)
    const on = (day: string) => asked.filter((parts) => parts[0] === day).length
    expect(on('Sun')).toBeLessThan(on('Mon') / 2)
  })

  test('is served: each of the accounts signs in with the printed password, and finds names and work in the inbox', async () => {
    const printed = /^Password: +(\S{16})$/m.exec(said.stdout)?.[1] ?? ''
    const accounts = [...said.stdout.matchAll(/^(\S+@northwater\.example) +(\w+) +(.+)$/gm)]
    expect(accounts).toHaveLength(6)
    await using serving = await startServing(builtProgram, ['--data', folder.path, '--demo'])
    const marina = new AgentClient(serving.url)
    await expect(marina.signIn('marina@northwater.example', `${printed}x`)).rejects.toThrow(/401/)
    for (const [, email = ''] of accounts) {
      const agent = new AgentClient(serving.url)
      await agent.signIn(email, printed)
      const { text } = await agent.get('/inbox?folder=active')
      expect((text.match(/<li id="row-/g) ?? []).length).toBeGreaterThan(0)
    }
    await marina.signIn('marina@northwater.example', printed)
    const waiting = (await marina.get('/inbox?folder=waiting')).text
    expect((waiting.match(/<li id="row-/g) ?? []).length).toBe(10)
    const [known] = rowsOf<{ name: string; id: string }>(
      folder.path,
      `SELECT k.name, c.id FROM conversations c JOIN visitors v ON v.id = c.visitor_id JOIN contacts k ON k.id = v.contact_id
        WHERE c.state = 'waiting' LIMIT 1`,
    )
    const { name, id } = known as { name: string; id: string }
    expect(waiting).toContain(`<bdi>${Bun.escapeHTML(name).replaceAll('&#x27;', "'")}</bdi>`)
    const taken = await marina.take(id)
    expect(taken.status).toBe(200)
    expect((await marina.get(`/c/${id}`)).text).toContain(`<h1 class="cut" id="who"><bdi title="`)
    // The demo's first site is the one that --demo would have made.
    expect(rowsOf(folder.path, 'SELECT name FROM sites WHERE demo = 1')).toEqual([{ name: 'Northwater' }])
    expect((await serving.end('SIGTERM')).code).toBe(0)
  })
})

describe('the amounts', () => {
  test.each([
    ['one conversation of one text', ['--conversations', 1, '--messages', 1], { texts: 1, open: 1 }],
    ['as few texts as conversations', ['--conversations', 60, '--messages', 60], { texts: 60, open: 5 }],
    ['nothing open', ['--conversations', 60, '--open', 0], { texts: 480, open: 0 }],
    ['everything open', ['--conversations', 600, '--open', 600], { texts: 4800, open: 600 }],
    ['all but one open', ['--conversations', 600, '--open', 599, '--messages', 1200], { texts: 1200, open: 599 }],
    ['one conversation of many', ['--conversations', 1, '--messages', 700, '--open', 0], { texts: 700, open: 0 }],
  ])('can be %s', async (_, flags, { texts, open }) => {
    await using folder = await freshFolder()
    expect(await seed(folder.path, ...flags, '--until', end)).toMatchObject({ code: 0 })
    expect(numberOf(folder.path, "SELECT count(*) FROM messages WHERE kind = 'text'")).toBe(texts)
    expect(numberOf(folder.path, "SELECT count(*) FROM conversations WHERE state <> 'finished'")).toBe(open)
    const final = await readFinal({ data: folder.path, database: null })
    const { violations } = check({ history: [], final, readers: [], sink: [] })
    expect(violations.filter(({ check: number }) => number === 3 || number === 10)).toEqual([])
  })

  test('can ask for one conversation of exactly so many texts, and then one has exactly ten', async () => {
    await using folder = await freshFolder()
    const { stdout } = await seed(folder.path, '--conversations', 50, '--messages', 1500, '--longest', 600)
    const sizes = rowsOf<{ id: string; n: number }>(
      folder.path,
      "SELECT conversation_id id, sum(kind = 'text') n FROM messages GROUP BY 1 ORDER BY 2 DESC",
    )
    expect([sizes[0]?.n, (sizes[1]?.n ?? 600) < 600]).toEqual([600, true])
    expect(stdout).toContain(`With 600 messages: http://127.0.0.1:3000/c/${sizes[0]?.id}`)
    const short = /^With 10 messages: \S+\/c\/(\S+)$/m.exec(stdout)?.[1]
    expect(sizes.find(({ id }) => id === short)?.n).toBe(10)
  })

  test.each([
    [['--conversations', '0'], '--conversations must be a whole number from 1 to 100000, not "0"'],
    [['--conversations', '100001'], '--conversations must be a whole number from 1 to 100000, not "100001"'],
    [['--conversations', 'many'], '--conversations must be a whole number'],
    [['--conversations', '10', '--messages', '9'], '--messages must be a whole number from 10 to 1000000, not "9"'],
    [['--messages', '1000001'], '--messages must be a whole number from 400 to 1000000, not "1000001"'],
    [['--conversations', '10', '--open', '11'], '--open must be a whole number from 0 to 10, not "11"'],
    [['--longest', '10'], '--longest must be a whole number from 11 to 1000000, not "10"'],
    [['--longest', '50', '--conversations', '1'], '--longest needs at least 2 conversations'],
    [['--longest', '50', '--messages', '400'], '--longest 50 needs at least 458 messages, not 400'],
    [['--longest', '11', '--messages', '9000'], '--longest 11 is too little for 9000 messages in 400 conversations'],
    [['--until', 'tomorrow'], '--until must be a time in the past'],
    [['--until', '2999-01-01'], '--until must be a time in the past'],
    [['--until', '1999-12-31'], '--until must be a time in the past'],
    [['--password'], '--password needs a value'],
    [['--bogus'], 'unknown flag --bogus'],
  ])('%p are a wrong call, and make no folder', async (flags, line) => {
    await using folder = await freshFolder()
    const data = join(folder.path, 'data')
    const failed = await failure(data, ...flags)
    expect(failed.line).toContain(line)
    expect(failed.code).toBe(2)
    expect(existsSync(data)).toBe(false)
  })
})

test('the same numbers and the same moment give the same rows, whatever the password; other numbers do not', async () => {
  await using one = await freshFolder()
  await using two = await freshFolder()
  await using other = await freshFolder()
  const flags = ['--conversations', 80, '--until', end]
  expect((await seed(one.path, ...flags)).code).toBe(0)
  const { stdout } = await seed(two.path, ...flags, '--password', password)
  expect(stdout).toContain(`Password:  ${password}\n`)
  expect((await seed(other.path, '--conversations', 81, '--until', end)).code).toBe(0)
  const rows = contents(one.path)
  expect(Object.keys(rows)).toContain('messages')
  expect(contents(two.path)).toEqual(rows)
  expect(contents(other.path).messages).not.toEqual(rows.messages)
  const hashes = (folder: string) =>
    rowsOf<{ h: string }>(folder, 'SELECT password_hash h FROM agents').map(({ h }) => h)
  expect(new Set([...hashes(one.path), ...hashes(two.path)]).size).toBe(12)
})

test('clients who have never written come on top of those who have', async () => {
  await using folder = await freshFolder()
  const { code } = await seed(folder.path, '--conversations', 20, '--contacts', 500, '--until', end)
  expect([code, numberOf(folder.path, 'SELECT count(*) FROM contacts')]).toEqual([0, 500])
  expect(numberOf(folder.path, 'SELECT count(DISTINCT external_id) FROM contacts WHERE external_id IS NOT NULL')).toBe(
    numberOf(folder.path, 'SELECT count(*) FROM contacts WHERE external_id IS NOT NULL'),
  )
})

test('everybody does things in their order and within the month, at whatever hour of a day it ends', () => {
  const amounts = { conversations: 15_000, messages: 30_000, open: 15_000, longest: null, contacts: null }
  const agents = staff.map(({ name }, place) => ({ kind: 'agent', agentId: String(place), name }) as const)
  for (let hour = 0; hour < 24; hour += 6) {
    const plan = planDemo({ ...amounts, until: Date.parse(end) + hour * 3_600_000 })
    const shop = { calendar: plan.calendar, greetings: ['Welcome', null], agents }
    for (let index = 0; index < amounts.conversations; index++) {
      const times = compose(plan.at(index), null, shop).deeds.map(({ at }) => at)
      expect(times).toEqual(times.toSorted((one, other) => one - other))
      expect(times[0]).toBeGreaterThanOrEqual(plan.calendar.from)
      expect(times.at(-1)).toBeLessThanOrEqual(plan.calendar.until)
    }
  }
})

test('a password that is too short is refused before anything is written', async () => {
  await using folder = await freshFolder()
  expect(await failure(folder.path, '--password', 'short', '--quiet')).toEqual({
    code: 1,
    line: expect.stringContaining('10'),
  })
  expect((await seed(folder.path, '--conversations', 5)).code).toBe(0)
})

describe('a folder is refused', () => {
  test('that a running server has', async () => {
    await using folder = await freshFolder()
    await using serving = await startServing(builtProgram, ['--data', folder.path])
    const failed = await failure(folder.path)
    expect(failed).toEqual({ code: 1, line: expect.stringContaining('is in use by another Kontuar') })
    await serving.end('SIGTERM')
    expect(numberOf(folder.path, 'SELECT count(*) FROM sites')).toBe(0)
  })

  test('that holds a shop already, be it only an account, a site or another demo, and nothing is added', async () => {
    await using account = await freshFolder()
    const anna = ['--email', 'anna@shop.example', '--name', 'Anna', '--role', 'owner', '--password-stdin']
    await run(builtProgram, ['user', 'create', ...anna, '--data', account.path], { stdin: password })
    await using site = await freshFolder()
    await using serving = await startServing(builtProgram, ['--data', site.path, '--demo'])
    await serving.end('SIGTERM')
    await using demo = await freshFolder()
    await seed(demo.path, '--conversations', 5)
    for (const { path } of [account, site, demo]) {
      const before = contents(path)
      expect(await failure(path)).toEqual({ code: 1, line: expect.stringContaining('There are sites or accounts in') })
      expect(contents(path)).toEqual(before)
    }
  })

  test('but not one in which a server has merely been started', async () => {
    await using folder = await freshFolder()
    await using serving = await startServing(builtProgram, ['--data', folder.path])
    await serving.end('SIGTERM')
    expect((await seed(folder.path, '--conversations', 5)).code).toBe(0)
  })
})

describe('a demo that was not finished', () => {
  // A text each: the first ones are written soon, and the last ones long after.
  const long = ['--conversations', '100000', '--messages', '100000']

  async function ended(folder: string, signal: NodeJS.Signals): Promise<{ code: number; stderr: string }> {
    const child = Bun.spawn([...builtProgram, 'demo', 'seed', '--data', folder, ...long], {
      stdout: 'pipe',
      stderr: 'pipe',
      env: {},
    })
    const stderr = { text: '' }
    const drained = collect(child.stderr, stderr)
    // Some of it is in, and most is not.
    await until(() => (existsSync(join(folder, 'demo-seed.unfinished')) && written(folder) > 0 ? true : null))
    child.kill(signal)
    const code = await child.exited
    await drained
    return { code, stderr: stderr.text }
  }

  const written = (folder: string): number => {
    try {
      return numberOf(folder, 'SELECT count(*) FROM conversations')
    } catch {
      return 0
    }
  }

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'because of %s stops cleanly, and says what to do',
    async (signal) => {
      await using folder = await freshFolder()
      const { code, stderr } = await ended(folder.path, signal)
      expect(code).toBe(1)
      const told = `The demo in ${folder.path} is not finished. Remove kontuar.db, kontuar.db-wal and kontuar.db-shm there, then seed again.`
      // Before it, how far it has come, where that takes its time.
      expect(stderr).toEndWith(`kontuar: Stopped. ${told}\n`)
      expect(written(folder.path)).toBeGreaterThan(0)
      expect(written(folder.path)).toBeLessThan(100_000)
      expect(existsSync(join(folder.path, 'running'))).toBe(false)
      const final = await readFinal({ data: folder.path, database: null })
      const { violations } = check({ history: [], final, readers: [], sink: [] })
      expect(violations.filter(({ check: number }) => number === 3 || number === 10)).toEqual([])
    },
    120_000,
  )

  test('because it was killed is known by the next one, which begins anew once the file is gone', async () => {
    await using folder = await freshFolder()
    await ended(folder.path, 'SIGKILL')
    const before = written(folder.path)
    const failed = await failure(folder.path, '--conversations', 5)
    expect(failed).toEqual({ code: 1, line: expect.stringContaining('is not finished. Remove kontuar.db') })
    expect(written(folder.path)).toBe(before)
    for (const name of ['kontuar.db', 'kontuar.db-wal', 'kontuar.db-shm'])
      rmSync(join(folder.path, name), { force: true })
    expect((await seed(folder.path, '--conversations', 5)).code).toBe(0)
    expect(existsSync(join(folder.path, 'demo-seed.unfinished'))).toBe(false)
    expect(await failure(folder.path)).toMatchObject({
      line: expect.stringContaining('There are sites or accounts in'),
    })
  }, 120_000)

  testIf({ rights: SmallDisk.possible() }, 'seeding onto a full disk')(
    'because the disk is full says so in one line',
    async () => {
      await using folder = await freshFolder()
      const disk = SmallDisk.mount(join(folder.path, 'data'), 4)
      try {
        const failed = await failure(join(folder.path, 'data'), '--conversations', '5000', '--quiet')
        expect(failed).toEqual({
          code: 1,
          line: expect.stringMatching(/^The disk is full\. The demo in \S+ is not finished\. /),
        })
        expect((await failure(join(folder.path, 'data'))).line).toMatch(/is not finished|disk is full/)
      } finally {
        disk?.unmount()
      }
    },
  )
})

describe('progress', () => {
  function screen(isTTY: boolean, columns = 100) {
    const shown: string[] = []
    let time = 0
    const progress = showProgress(1000, 'messages', { isTTY, columns, write: (text) => shown.push(text) }, () => time)
    return { shown, progress, passes: (ms: number) => (time += ms) }
  }

  test('on a terminal is one line, drawn again, with a bar, the rate and the time that is left', () => {
    const { shown, progress, passes } = screen(true)
    progress.at(0)
    passes(1000)
    progress.at(250)
    passes(10)
    progress.at(260)
    passes(2990)
    progress.at(1000)
    progress.end()
    expect(shown[1]).toBe('\r[#######.......................]  25 %  250 of 1,000 messages, 250/s, 3 s left\u001b[K')
    // The one that came after ten milliseconds was passed over.
    expect(shown).toHaveLength(4)
    expect(shown[2]).toContain('100 %')
    expect(shown[3]).toBe('\r\u001b[K')
    expect(shown.join('')).not.toContain('\n')
  })

  test('keeps to the width of a narrow terminal', () => {
    const { shown, progress, passes } = screen(true, 30)
    passes(500)
    progress.at(500)
    expect(shown[0]?.replaceAll(/\r|\u001b\[K/g, '').length).toBeLessThan(30)
  })

  test('elsewhere is a plain line every ten seconds', () => {
    const { shown, progress, passes } = screen(false)
    for (let n = 0; n < 25; n++) {
      passes(1000)
      progress.at(n * 10)
    }
    progress.end()
    expect(shown).toHaveLength(2)
    expect(shown[0]).toBe('  9 %  90 of 1,000 messages, 9/s, 102 s left\n')
  })

  test('goes to stderr on a real terminal, and nowhere with --quiet', async () => {
    await using folder = await freshFolder()
    const command = (path: string, more: string) =>
      [...builtProgram, 'demo', 'seed', '--conversations', '40', '--data', join(folder.path, path), more].join(' ')
    const onTerminal = async (line: string) => {
      const child = Bun.spawn(['script', '--quiet', '--return', '--command', line, '/dev/null'], {
        stdout: 'pipe',
        env: {},
      })
      return new Response(child.stdout).text()
    }
    expect(await onTerminal(command('one', ''))).toMatch(/\r\[#+\] 100 % {2}320 of 320 messages, .* 0 s left/)
    expect(await onTerminal(command('two', '--quiet'))).not.toContain(' of 320')
    expect((await seed(join(folder.path, 'three'), '--conversations', 40)).stderr).toBe('')
  })
})

test('help says what the flags are', async () => {
  const { code, stdout } = await run(builtProgram, ['help', 'demo', 'seed'])
  expect(code).toBe(0)
  for (const flag of ['conversations', 'messages', 'contacts', 'open', 'longest', 'until', 'password', 'quiet', 'data'])
    expect(stdout).toContain(`--${flag} `)
  expect((await run(builtProgram, ['help'])).stdout).toContain('kontuar demo seed')
})

describe('what is said', () => {
  test('uses every line of the catalogue: each topic is begun by a visitor, and has no turn without words', () => {
    const pools = [
      'hello.v',
      'hello.a',
      'wait.a',
      'ok.v',
      'thanks.v',
      'welcome.a',
      'ping.v',
      'more.v',
      'back.v',
    ] as const
    const used = [...pools, 'lone.v' as const, 'follow.a' as const].flatMap((name) => pool(name).keys)
    for (const { name, turns } of topics) {
      expect([name, turns[0]?.by]).toEqual([name, 'visitor'])
      for (const turn of turns) expect([name, turn?.keys.length > 0]).toEqual([name, true])
      used.push(...turns.flatMap(({ keys }) => keys))
    }
    const lines = Object.keys(catalogues.en.seed).filter((key) => /\.\d+$/.test(key))
    expect(used.toSorted()).toEqual(lines.toSorted() as typeof used)
    expect(topics.length).toBeGreaterThan(15)
  })

  test('is typed by hands that differ, and links stay whole', () => {
    const said = 'Gdzie jest kurier? Czekam na wodę, zamówienie 48123.'
    const hands = Array.from({ length: 200 }, (_, n) => {
      const random = randomOf('hand', n)
      return typed(said, handOf(random), 'pl', random)
    })
    expect(hands).toContain(said)
    expect(hands.some((text) => text.startsWith('gdzie'))).toBe(true)
    expect(hands.some((text) => text.includes('wode, zamowienie'))).toBe(true)
    expect(hands.every((text) => text.includes('48123'))).toBe(true)
    expect(new Set(hands).size).toBeGreaterThan(15)
    const random = randomOf('link')
    const hand = { smallLetters: true, noFullStops: true, noDiacritics: true, smiles: true, slips: 1 }
    expect(typed('Tutaj: https://northwater.example/Pomoc/żółw.', hand, 'pl', random)).toBe(
      'Tutaj: https://northwater.example/Pomoc/żółw.',
    )
  })

  test('comes from a generator that gives each seed its own stream, again and again', () => {
    const stream = (...seed: (string | number)[]) => {
      const random = randomOf(...seed)
      return Array.from({ length: 50 }, () => random.below(1_000_000))
    }
    expect(stream('a', 1)).toEqual(stream('a', 1))
    expect(stream('a', 1)).not.toEqual(stream('a', 2))
    const many = randomOf('spread')
    const draws = Array.from({ length: 20_000 }, () => many.below(10))
    for (let n = 0; n < 10; n++) expect(Math.abs(draws.filter((one) => one === n).length - 2000)).toBeLessThan(200)
    expect(new Set(Array.from({ length: 5000 }, (_, n) => randomOf('id', n).id(1_750_000_000_000))).size).toBe(5000)
  })
})
