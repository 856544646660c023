import { expect } from 'bun:test'
import { AgentClient } from './agent-client.ts'
import { newClientId, session, VisitorSocket } from './visitor-client.ts'

export type Held = { owner: AgentClient; siteId: string; visitorToken: string; conversationId: string }

const clara = { name: 'Clara', email: 'clara@shop.example', password: 'correct horse battery', shop: 'Spring Water' }

/**
 * The whole way, at a fresh server: its set-up link (found in what it printed) makes Clara the owner, Boris writes over a
 * WebSocket, she answers at the console, and he gets it. `url` is where the server listens.
 */
export async function holdConversation(url: string, printed: string): Promise<Held> {
  const link = new URL(/https?:\S+\/setup\?token=\S+/.exec(printed)?.[0] ?? '')
  const owner = new AgentClient(url, link.origin)
  owner.timeoutMs = 20_000
  const setUp = { token: link.searchParams.get('token') ?? '', ...clara }
  expect((await owner.request('POST', '/setup', setUp, { accept: 'text/html' })).status).toBe(303)
  const siteId = /widget\.js\?site=([\w-]+)/.exec((await owner.get('/settings/sites')).text)?.[1] ?? ''

  const { visitorToken } = await session(url, siteId, undefined, { timeoutMs: 20_000 })
  const boris = await VisitorSocket.connect(url, { token: visitorToken, timeoutMs: 20_000 })
  const sent = await boris.send({ clientId: newClientId(), body: 'Do you deliver today?' }, 20_000)
  if (sent.outcome !== 'ok') throw new Error(`the visitor's message was not kept: ${JSON.stringify(sent)}`)
  const { conversationId } = sent
  const answer = boris.frame((frame) => 'body' in frame && frame.body === 'Until eight.', 20_000)
  expect(await owner.send(conversationId, { clientId: newClientId(), body: 'Until eight.' })).toMatchObject({
    outcome: 'ok',
  })
  expect(await answer).toMatchObject({ conversationId, author: { kind: 'agent', name: 'Clara' } })
  await boris.close()
  return { owner, siteId, visitorToken, conversationId }
}

/** What the visitor of a conversation that was held finds when he comes back, as said by whom. */
export async function found(url: string, { visitorToken }: Held): Promise<string[]> {
  const boris = await VisitorSocket.connect(url, { token: visitorToken })
  const { items } = await boris.since(0)
  await boris.close()
  return items.filter(({ kind }) => kind === 'text').map(({ author, body }) => `${author.kind}: ${body}`)
}
