import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { type AgentClient, rowsIn } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { corpus } from '../attacks/corpus.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let boris: Boris
let id: string

beforeAll(async () => {
  house = await openHouse({ 'no-limits': true })
  anna = await atConsole(house, 'Anna')
  boris = await visitorWrites(house, 'message 1')
  id = boris.conversationId
  for (let n = 2; n <= 300; n++) await boris.say(`message ${n}`)
}, 120_000)
afterAll(() => house.close())

const seqsOf = (html: string) => rowsIn(html).map(({ seq }) => seq)
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, n) => first + n)
const asHtmx = { accept: 'text/html', 'hx-request': 'true' }
const listOf = (page: string) => /<ol id="messages"[^>]*>/.exec(page)?.[0] ?? ''

async function entries(query: string): Promise<{ seqs: number[]; told: string | null; status: number }> {
  const response = await fetch(`${house.url}/c/${id}/entries?${query}`, {
    headers: { ...asHtmx, cookie: anna.cookieHeader() },
  })
  return { seqs: seqsOf(await response.text()), told: response.headers.get('x-entries'), status: response.status }
}

describe('a stretch of the log', () => {
  test('is told by where it begins and ends and where the log does', async () => {
    expect(await entries('before=101')).toEqual({ seqs: from(51, 100), told: '51-100/300', status: 200 })
    expect(await entries('before=21')).toEqual({ seqs: from(1, 20), told: '1-20/300', status: 200 })
    expect(await entries('after=290')).toEqual({ seqs: from(291, 300), told: '291-300/300', status: 200 })
    expect(await entries('after=20')).toEqual({ seqs: from(21, 220), told: '21-220/300', status: 200 })
    expect(await entries('around=150')).toEqual({ seqs: from(126, 175), told: '126-175/300', status: 200 })
    expect(await entries('around=3')).toEqual({ seqs: from(1, 28), told: '1-28/300', status: 200 })
    expect(await entries('around=299')).toEqual({ seqs: from(275, 300), told: '275-300/300', status: 200 })
    expect(await entries('latest=1')).toEqual({ seqs: from(251, 300), told: '251-300/300', status: 200 })
  })

  test('past either end of the log is empty, and nonsense is refused', async () => {
    expect(await entries('before=1')).toMatchObject({ seqs: [], told: '1-0/300' })
    expect(await entries('after=300')).toMatchObject({ seqs: [], told: '301-300/300' })
    expect((await entries(`around=${Number.MAX_SAFE_INTEGER}`.slice(0, 21))).seqs).toEqual(from(276, 300))
    for (const query of ['before=x', 'after=-1', 'around=', 'around=1.5', 'after=0&stream=everything']) {
      expect([query, (await entries(query)).status]).toEqual([query, 400])
    }
  })

  test('of one side holds that side alone, and says how far it looked', async () => {
    const short = await visitorWrites(house, 'one')
    await anna.take(short.conversationId)
    await anna.send(short.conversationId, { clientId: newClientId(), body: 'two' })
    await short.say('three')
    await anna.finish(short.conversationId)
    const side = async (name: string) => {
      const answer = await anna.request('GET', `/c/${short.conversationId}/entries?latest=1&stream=${name}`, {}, asHtmx)
      const page = (await anna.get(`/c/${short.conversationId}?stream=${name}`)).text
      expect(seqsOf(page)).toEqual(seqsOf(answer.text))
      expect(listOf(page)).toContain(
        `data-from-seq="1" data-to-seq="5" data-last-seq="5" data-visitor-read="0" data-stream="${name}"`,
      )
      return seqsOf(answer.text)
    }
    expect(await side('visitor')).toEqual([1, 4])
    expect(await side('agent')).toEqual([3])
    expect(await side('actions')).toEqual([2, 5])
  })
})

describe('a page of a conversation', () => {
  const marked = async (name: string, seq: number) => {
    const agent = await atConsole(house, name)
    if (seq > 0) await agent.read(id, seq)
    return agent
  }

  test('begins where the agent stopped reading, and says after what the new begins', async () => {
    const dora = await marked('Dora', 120)
    const page = (await dora.get(`/c/${id}`)).text
    expect(seqsOf(page)).toEqual(from(111, 300))
    expect(listOf(page)).toContain('data-from-seq="111" data-to-seq="300" data-last-seq="300" data-new-after="120"')
  })

  test('of very much that is new gives its beginning, and says that there is more', async () => {
    const emil = await marked('Emil', 30)
    const page = (await emil.get(`/c/${id}`)).text
    expect(seqsOf(page)).toEqual(from(21, 220))
    expect(listOf(page)).toContain('data-to-seq="220" data-last-seq="300" data-new-after="30"')
  })

  test('gives its end to who has read it, and to who has never been there', async () => {
    for (const agent of [await marked('Fred', 300), await marked('Gina', 0)])
      expect(seqsOf((await agent.get(`/c/${id}`)).text)).toEqual(from(251, 300))
    expect(listOf((await anna.get(`/c/${id}`)).text)).not.toContain('data-new-after')
  })

  test('the mark is each agent’s own', async () => {
    const [hans, inga] = [await marked('Hans', 10), await marked('Inga', 299)]
    expect(listOf((await hans.get(`/c/${id}`)).text)).toContain('data-new-after="10"')
    expect(listOf((await inga.get(`/c/${id}`)).text)).toContain('data-new-after="299"')
  })

  test('that is asked for around an entry has it in its middle', async () => {
    const page = (await anna.get(`/c/${id}?at=100`)).text
    expect(seqsOf(page)).toEqual(from(76, 125))
    expect((await anna.get(`/c/${id}?at=x`)).status).toBe(400)
  })

  test('comes alone to a page that is open, with the bytes of the whole one', async () => {
    const whole = (await anna.get(`/c/${id}?folder=waiting`)).text
    const alone = (await anna.request('GET', `/c/${id}?folder=waiting`, undefined, asHtmx)).text
    expect(alone).toStartWith('<section class="conversation" id="conversation"')
    expect(alone).not.toContain('id="rows"')
    // The key of the form without script is new each time; all else is the same.
    const keyless = (html: string) => html.replaceAll(/name="clientId" value="[^"]*"/g, '')
    const pane = (html: string) =>
      keyless(/<section class="conversation".*?<\/section>(?=<aside|<\/main)/s.exec(html)?.[0] ?? '')
    expect(pane(whole).length).toBeGreaterThan(1000)
    expect(pane(`${alone}<aside`)).toContain(pane(whole).slice(0, 1000))
    expect(listOf(alone)).toBe(listOf(whole))
  })

  test('that does not exist says so in its place, with the list beside it', async () => {
    const page = await anna.get('/c/nothing?folder=waiting')
    expect([page.status, page.text.includes('No such conversation'), page.text.includes('id="rows"')]).toEqual([
      404,
      true,
      true,
    ])
    const alone = await anna.request('GET', '/c/nothing', undefined, asHtmx)
    expect([alone.status, alone.text.includes('No such conversation')]).toEqual([404, true])
  })
})

test('finishing says so with a way back, once; the way back opens it again for whoever finished it', async () => {
  const one = await visitorWrites(house, 'Thank you')
  const closure = `/c/${one.conversationId}/closure`
  const finished = await anna.request('PUT', closure, {}, asHtmx)
  expect(finished.text).toContain(`hx-delete="${closure}"`)
  expect(finished.text).toContain('<hx-partial hx-target="#toasts" hx-swap="beforeend">')
  expect((await anna.request('PUT', closure, {}, asHtmx)).text).not.toContain('<hx-partial hx-target="#toasts"')
  const undone = await anna.request('DELETE', closure, {}, asHtmx)
  expect(undone.text).toContain('You have it')
  expect(undone.text).toContain(`hx-target="#conversation[data-conversation='${one.conversationId}'] #actions"`)
})

test('that an agent answers is told to whoever has the conversation open, and kept nowhere', async () => {
  const one = await visitorWrites(house, 'Who answers?')
  const dora = await atConsole(house, 'Doris')
  const [here, hers] = [await anna.live(), await dora.live()]
  for (const live of [here, hers]) {
    live.watch(one.conversationId)
    await live.message((text) => text.includes('"watching"'))
  }
  hers.say({ type: 'typing', conversationId: one.conversationId })
  const frame = JSON.parse(await here.message((text) => text.includes('"answering"'))) as Record<string, unknown>
  expect(frame).toEqual({
    type: 'answering',
    conversationId: one.conversationId,
    agentId: expect.any(String),
    name: 'Doris',
  })
  const log = await anna.get(`/c/${one.conversationId}/entries?after=0`, 'application/json')
  expect(log.json.items).toHaveLength(1)
  await Promise.all([here.close(), hers.close()])
})

describe('whatever stands in a page’s address, its title or a message stays text', () => {
  test.each(corpus)('%s', async (text) => {
    const page = { url: `https://shop.example/?q=${encodeURIComponent(text)}`, title: text }
    const one = await visitorWrites(house, text, { page })
    const { text: html } = await anna.get(`/c/${one.conversationId}`)
    const row = html.slice(html.indexOf('<li class="message" id="m-1"'), html.indexOf('</ol><p class="nothing"'))
    expect(row).toStartWith('<li class="message" id="m-1" data-seq="1"')
    const tags = [...row.matchAll(/<([a-z][\w-]*)/gi)].map(([, tag]) => tag ?? '')
    const ours = ['li', 'span', 'div', 'p', 'a', 'time', 'bdi', 'strong', 'em', 'code', 'pre', 'ul', 'ol']
    expect(tags.filter((tag) => !ours.includes(tag))).toEqual([])
    expect(row).not.toMatch(/<\w[^>]* (?:on\w+|hx-[\w:-]+|data-hx[\w:-]*|style|srcdoc|autofocus)[=>]/i)
    for (const [, href] of row.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^(?:https?:|mailto:|tel:|\/c\/)/i)
  })
})
