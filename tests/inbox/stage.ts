import { AgentClient } from '../support/agent-client.ts'
import { hire, password } from '../support/cast.ts'
import type { TestHouse } from '../support/house.ts'
import { newClientId, type Sending, sendOverHttp, session } from '../support/visitor-client.ts'

/** An agent at the console, signed in. */
export async function atConsole(
  house: TestHouse,
  name: string,
  role?: 'owner' | 'admin' | 'agent',
): Promise<AgentClient> {
  const { email } = await hire(name, role)
  const client = new AgentClient(house.url)
  await client.signIn(email, password)
  return client
}

export type Boris = {
  token: string
  conversationId: string
  say(body: string, more?: Partial<Sending>): Promise<number>
}

/** A visitor who has written once, and may go on. */
export async function visitorWrites(house: TestHouse, body: string, more: Partial<Sending> = {}): Promise<Boris> {
  const { visitorToken: token } = await session(house.url, house.site.id)
  const say = async (text: string, extra: Partial<Sending> = {}) => {
    const outcome = await sendOverHttp(house.url, token, { clientId: newClientId(), body: text, ...extra })
    if (outcome.outcome !== 'ok') throw new Error(`the visitor was not heard: ${JSON.stringify(outcome)}`)
    boris.conversationId = outcome.conversationId
    return outcome.seq
  }
  const boris: Boris = { token, conversationId: '', say }
  await say(body, more)
  return boris
}
