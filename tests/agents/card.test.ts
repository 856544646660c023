import { afterAll, beforeAll, expect, test } from 'bun:test'
import { changeCard } from '../../src/features/agents/index.ts'
import { type AgentActor, takeConversation } from '../../src/features/conversations/index.ts'
import { listEntries, sendMessage } from '../../src/features/messages/index.ts'
import { keepPicture, readyPicture } from '../../src/features/pictures/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { AgentClient } from '../support/agent-client.ts'
import { hire, newVisitor, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { png } from '../support/png.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'

let house: TestHouse
let photo: string
let anna: AgentActor & { email: string }
const owner = { agentId: crypto.randomUUID(), role: 'owner' as const }

beforeAll(async () => {
  house = await openHouse()
  const picture = await readyPicture(png(9, 9))
  photo = await write((tx) => keepPicture(tx, picture))
  anna = await hire('Anna')
})
afterAll(() => house.close())

const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: { code?: string }) => error.code,
  )

test('title and photo stand beside the name, in what an agent writes from then on', async () => {
  const console = new AgentClient(house.url)
  await console.signIn(anna.email, password)
  const { visitorToken: token } = await session(house.url, house.site.id)
  const boris = await VisitorSocket.connect(house.url, { token })
  const sent = await boris.send({ clientId: newClientId(), body: 'hello' })
  const conversationId = sent.outcome === 'ok' ? sent.conversationId : ''
  await console.send(conversationId, { clientId: newClientId(), body: 'plain' })
  await changeCard({ agentId: anna.agentId, role: 'agent' }, anna.agentId, { title: ' Delivery ', photo })
  await console.send(conversationId, { clientId: newClientId(), body: 'with a card' })
  await console.finish(conversationId)
  await changeCard(owner, anna.agentId, { title: null, photo: null })
  await console.send(conversationId, { clientId: newClientId(), body: 'late' })
  const name = { kind: 'agent', id: anna.agentId, name: 'Anna' }
  await boris.frame((frame) => frame.type === 'entry' && (frame as { body: string }).body === 'finished')
  const { items } = await boris.since(0)
  const card = { ...name, title: 'Delivery', photo }
  expect(items.map(({ body, author }) => [body, author])).toEqual([
    ['hello', { kind: 'visitor' }],
    ['plain', name],
    ['with a card', card],
    ['finished', card],
  ] as [string, (typeof items)[0]['author']][])
  expect(items.map(({ author }) => Object.keys(author).length)).toEqual([1, 3, 5, 5])
  await boris.close()
})

test('a window that opens is told the card of who is there', async () => {
  await changeCard(owner, anna.agentId, { title: 'Delivery', photo })
  const console = new AgentClient(house.url)
  await console.signIn(anna.email, password)
  const live = await console.live()
  await live.ping()
  const { visitorToken: token } = await session(house.url, house.site.id)
  const boris = await VisitorSocket.connect(house.url, { token })
  expect(await boris.frame('welcome')).toMatchObject({
    agents: [{ id: anna.agentId, name: 'Anna', title: 'Delivery', photo }],
  })
  await Promise.all([live.close(), boris.close()])
})

test('a card is one’s own to change, or a manager’s', async () => {
  const dora = await hire('Dora')
  const byAnna = { agentId: anna.agentId, role: 'agent' as const }
  expect(await refusal(changeCard(byAnna, dora.agentId, { title: 'Boss' }))).toBe('forbidden')
  for (const nobody of [crypto.randomUUID(), '\0'])
    expect(await refusal(changeCard(owner, nobody, { title: 'Boss' }))).toBe('not_found')
  for (const title of ['x'.repeat(101), 'a\0b', 'half \ud83d'])
    expect(await refusal(changeCard(byAnna, anna.agentId, { title }))).toBe('settings_invalid')
  for (const hash of ['\0', '0'.repeat(64), 'https://evil.example/x.png'])
    expect(await refusal(changeCard(byAnna, anna.agentId, { photo: hash }))).toBe('picture_invalid')
  const { conversationId } = await sendMessage(newVisitor(house.site.id), { clientId: newClientId(), body: 'hello' })
  await takeConversation(dora, conversationId)
  expect((await listEntries(conversationId, { limit: 9 })).at(-1)?.data).toEqual({
    agentId: dora.agentId,
    agentName: 'Dora',
  })
})
