import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { type AgentClient, rowsIn } from '../support/agent-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { newClientId } from '../support/visitor-client.ts'
import { atConsole, type Boris, visitorWrites } from './stage.ts'

let house: TestHouse
let anna: AgentClient
let dora: AgentClient
let boris: Boris
let id: string

beforeAll(async () => {
  house = await openHouse()
  anna = await atConsole(house, 'Anna')
  dora = await atConsole(house, 'Dora')
})
afterAll(() => house.close())
beforeEach(async () => {
  boris = await visitorWrites(house, 'When will the water come?')
  id = boris.conversationId
})

const html = { accept: 'text/html', 'hx-request': 'true' }
const rows = async (client: AgentClient, folder: string) => (await client.get(`/inbox/rows?folder=${folder}`)).text
const pageOf = async (client: AgentClient) => (await client.get(`/c/${id}`)).text

test('two agents who press Take at once: one gets it, the other is told by whom', async () => {
  const answers = await Promise.all([anna, dora].map((agent) => agent.request('PUT', `/c/${id}/take`, {}, html)))
  const [won, lost] = answers.toSorted((a, b) => a.status - b.status)
  expect([won?.status, lost?.status]).toEqual([200, 409])
  const winner = answers.indexOf(won ?? answers[0]!) === 0 ? 'Anna' : 'Dora'
  expect(lost?.text).toContain(`${winner} has taken this conversation.`)
  expect(lost?.text).toContain('role="alert"')
  const log = await anna.get(`/c/${id}/entries?after=0`, 'application/json')
  const taken = (log.json.items as { body: string }[]).filter(({ body }) => body === 'taken')
  expect(taken).toHaveLength(1)
})

test('taking opens the conversation, and pressing again changes nothing', async () => {
  const response = await fetch(`${house.url}/c/${id}/take`, {
    method: 'PUT',
    headers: { ...html, cookie: anna.cookieHeader(), origin: house.url },
  })
  expect(JSON.parse(response.headers.get('hx-trigger') ?? '')).toEqual({
    visit: { target: 'body', address: `/c/${id}?folder=active` },
  })
  expect((await anna.take(id)).json).toMatchObject({ state: 'active' })
  expect(await rows(anna, 'active')).toContain(id)
  expect(await rows(dora, 'active')).not.toContain(id)
  expect(await rows(dora, 'waiting')).not.toContain(id)
  expect(await pageOf(dora)).toContain('Anna has it')
  expect(await pageOf(anna)).toContain('You have it')
})

test('the first answer takes the conversation', async () => {
  const outcome = await dora.send(id, { clientId: newClientId(), body: 'Tomorrow' })
  expect(outcome).toMatchObject({ outcome: 'ok', seq: 3 })
  expect(await rows(dora, 'active')).toContain(id)
  expect((await anna.take(id)).json).toMatchObject({ code: 'conversation_taken' })
})

test('an answer that is sent again under its key is kept once and answered with the same row', async () => {
  const message = { clientId: newClientId(), body: 'Tomorrow\nat noon' }
  const first = await anna.request('POST', `/c/${id}/messages`, message, html)
  const again = await anna.request('POST', `/c/${id}/messages`, message, html)
  expect(again.text).toBe(first.text)
  const [row] = rowsIn(first.text)
  expect(row?.clientId).toBe(message.clientId)
  const all = rowsIn(await pageOf(anna)).filter(({ clientId }) => clientId === message.clientId)
  expect(all).toHaveLength(1)
})

test('a repeat gets its row even after the conversation was finished; a new answer is refused in words', async () => {
  const message = { clientId: newClientId(), body: 'Tomorrow' }
  const first = await anna.send(id, message)
  await anna.finish(id)
  expect(await anna.send(id, message)).toEqual(first)
  const refused = await anna.request('POST', `/c/${id}/messages`, { clientId: newClientId(), body: 'One more' }, html)
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('Reopen it to go on')
})

test('a form waits with its topic and the name it gave, and opens with all that was filled in', async () => {
  const form = { name: 'Мария Соколова', email: 'm.sokolova@mail.example', phone: '+7 921 000-01-48', topic: 'Claim' }
  const maria = await visitorWrites(house, 'No cap', { kind: 'feedback', form: { ...form, consent: true } })
  const row = new RegExp(`<li id="row-${maria.conversationId}".*?</li>`, 's').exec(await rows(anna, 'waiting'))?.[0]
  for (const told of ['Мария Соколова', 'Claim: No cap']) expect(row).toContain(told)
  await maria.say('maria@mail.example', { kind: 'email' })
  const { text } = await anna.get(`/c/${maria.conversationId}`)
  expect(text).toContain('<h1 class="cut" id="who"><bdi title="Мария Соколова">Мария Соколова</bdi></h1>')
  for (const told of ['Feedback form', form.email, form.phone, 'Claim', 'No cap']) expect(text).toContain(told)
  expect(text).toContain('href="mailto:m.sokolova@mail.example"')
  expect(text).toContain('href="tel:+79210000148"')
  expect(text).toContain('The visitor left an e-mail: maria@mail.example')
  const again = new RegExp(`<li id="row-${maria.conversationId}".*?</li>`, 's').exec(await rows(anna, 'waiting'))?.[0]
  expect(again).toContain('Claim: No cap')
})

test('the same key for another text is refused', async () => {
  const clientId = newClientId()
  await anna.send(id, { clientId, body: 'Tomorrow' })
  expect(await anna.send(id, { clientId, body: 'Never' })).toMatchObject({
    outcome: 'refused',
    code: 'client_id_reused',
  })
})

test('another agent’s key neither leaks nor overwrites', async () => {
  const clientId = newClientId()
  const first = await anna.send(id, { clientId, body: 'Tomorrow' })
  const other = await dora.send(id, { clientId, body: 'On Friday' })
  expect(first).toMatchObject({ outcome: 'ok' })
  expect(other).toMatchObject({ outcome: 'ok' })
  expect(other).not.toEqual(first)
})

test('a form without script keeps the answer and comes back to the conversation', async () => {
  const page = await pageOf(anna)
  const clientId = /name="clientId" value="([\w-]+)"/.exec(page)?.[1] ?? ''
  const fields = { clientId, body: 'one\r\ntwo' }
  const sent = await anna.request('POST', `/c/${id}/messages`, fields, { accept: 'text/html' })
  expect([sent.status, sent.location]).toEqual([303, `/c/${id}`])
  expect(await anna.send(id, { clientId, body: 'one\ntwo' })).toMatchObject({ outcome: 'ok', seq: 3 })
})

test('finish, reopen and the visitor’s return are told in words and move the conversation', async () => {
  await anna.take(id)
  await anna.finish(id)
  expect(await rows(anna, 'finished')).toContain(id)
  expect((await anna.reopen(id)).json).toMatchObject({ state: 'active' })
  expect(await rows(anna, 'active')).toContain(id)
  await anna.finish(id)
  await boris.say('One more question')
  expect(await rows(dora, 'waiting')).toContain(id)
  const page = await pageOf(anna)
  for (const told of ['Anna took', 'Anna finished', 'Anna reopened', 'The visitor wrote again'])
    expect(page).toContain(told)
})

test('a long conversation opens at its end, and gives what stands before on request', async () => {
  for (let n = 2; n <= 60; n++) await boris.say(`message ${n}`)
  const page = await pageOf(anna)
  expect(rowsIn(page).map(({ seq }) => seq)).toEqual(Array.from({ length: 50 }, (_, i) => i + 11))
  expect(page).toContain('data-from-seq="11" data-to-seq="60" data-last-seq="60"')
  const before = await anna.request('GET', `/c/${id}/entries?before=11`, undefined, html)
  expect(rowsIn(before.text).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  const after = await anna.request('GET', `/c/${id}/entries?after=58`, undefined, html)
  expect(rowsIn(after.text).map(({ seq }) => seq)).toEqual([59, 60])
})

test('what an agent has read is marked, never backwards, and nonsense is refused', async () => {
  expect((await anna.read(id, 1)).status).toBe(200)
  for (const seq of ['', 'x', '-1', '1.5']) {
    const answer = await anna.request('PUT', `/c/${id}/read`, { seq })
    expect([seq, answer.json.code]).toEqual([seq, 'bad_request'])
  }
})

test('a conversation that does not exist is not found, as page and as JSON', async () => {
  for (const unknown of ['nothing', crypto.randomUUID(), '%00', '..%2f']) {
    const page = await anna.get(`/c/${unknown}`)
    expect(page.status).toBe(404)
    expect(page.text).toContain('role="alert"')
    expect((await anna.take(unknown)).status).toBe(404)
  }
})

test('light markup and links stand in the page as they stand in a push, and the text itself stays as it was written', async () => {
  const body = '**Tomorrow**, see https://shop.test/p_1_2:\n- water\n- a pump <b>'
  const live = await anna.live()
  live.watch(id)
  await live.message((text) => text.includes('"watching"'))
  const seq = await boris.say(body)
  const [pushed] = rowsIn(await live.message((text) => text.includes('<strong>Tomorrow</strong>')))
  const row = pushed?.html.replace('</hx-partial>', '') ?? ''
  expect(row).toContain('<a href="https://shop.test/p_1_2" target="_blank" rel="noopener noreferrer nofollow">')
  expect(row).toContain('<ul><li>water</li><li>a pump &lt;b></li></ul>')
  expect(await pageOf(anna)).toContain(row)
  const log = await anna.get(`/c/${id}/entries?after=${seq - 1}`, 'application/json')
  expect((log.json.items as { body: string }[]).map((entry) => entry.body)).toEqual([body])
  await live.close()
})
