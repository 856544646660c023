/** Agents' consoles, many at once, and what they see of the messages that visitors send with the stamp of when they were due. */
import { Agent, type AgentOptions } from './agent.ts'
import { agentEmail, agentPassword } from './seed-agents.ts'

const folders = ['waiting', 'waiting', 'active', 'waiting', 'finished', 'active', 'waiting', 'waiting']
const locales = ['ru', 'en', 'pl', 'fr']
// The page's own throttle between two fetches of its list.
const throttleMs = 250

const nothing = () => ({
  delays: [] as number[],
  fragments: 0,
  messages: new Set<string>(),
  renders: new Set<string>(),
  pokes: 0,
  lists: [] as number[],
  distinctLists: new Set<number | bigint>(),
  bytes: 0,
})

/** What the agents have seen since `forget`, all together. */
export class Seen {
  now = nothing()
  readonly troubles = new Map<string, number>()

  forget(): void {
    this.now = nothing()
  }

  troubleLines(): string[] {
    return [...this.troubles].map(([what, times]) => `agents: ${times} x ${what}`)
  }

  hear(locale: string): AgentOptions['on'] {
    return {
      fragment: (html) => {
        const due = /\[due ([\d.]+)\]/.exec(html)?.[1]
        if (due === undefined) return
        this.now.fragments += 1
        this.now.messages.add(due)
        this.now.renders.add(`${due} ${locale}`)
        this.now.delays.push(performance.timeOrigin + performance.now() - Number(due))
      },
      poke: () => {
        this.now.pokes += 1
      },
      list: (tookMs, html) => {
        this.now.lists.push(tookMs)
        this.now.distinctLists.add(Bun.hash(html))
        this.now.bytes += Buffer.byteLength(html)
      },
      trouble: (what) => void this.troubles.set(what, (this.troubles.get(what) ?? 0) + 1),
    }
  }
}

/** Signs agents in and opens a console for each: every one shows a list. */
export async function openConsoles(url: string, count: number, seen: Seen): Promise<Agent[]> {
  const agents: Agent[] = []
  // Each sign-in costs the server a hash: a few at once.
  for (let index = 0; index < count; index += 8) {
    const group = Array.from({ length: Math.min(8, count - index) }, (_, offset) =>
      openConsole(url, index + offset, seen),
    )
    agents.push(...(await Promise.all(group)))
  }
  return agents
}

async function openConsole(url: string, number: number, seen: Seen): Promise<Agent> {
  const locale = locales[number % locales.length] ?? 'en'
  return Agent.signIn({
    url,
    email: agentEmail(number),
    password: agentPassword,
    folder: folders[number % folders.length] ?? 'waiting',
    locale,
    throttleMs,
    on: seen.hear(locale),
  })
}

/** The conversations in the list Waiting, up to a page of them and a little more. */
export async function waitingConversations(agent: Agent): Promise<string[]> {
  const rows = await agent.get('/inbox/rows?folder=waiting&limit=200')
  return [...new Set([...rows.matchAll(/\/c\/([0-9a-f-]{36})/g)].map((match) => match[1] ?? ''))]
}

/** Every `each`-th agent opens a conversation, going round among them; a third is taken, so that Active is not empty. */
export async function openConversations(agents: Agent[], conversations: string[], each: number): Promise<void> {
  for (const [index, id] of conversations.entries()) if (index % 3 === 0) await agents[index % agents.length]?.take(id)
  const watching = agents.filter((_, index) => index % each === 0)
  for (const [index, agent] of watching.entries()) {
    const id = conversations[index % conversations.length]
    if (id !== undefined) agent.watch(id)
  }
}
