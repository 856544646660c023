import { AgentClient } from '../support/agent-client.ts'
import { newClientId, type Outcome, sendOverHttp, session, VisitorSocket } from '../support/visitor-client.ts'
import type { Who } from './history.ts'
import { randomFor, type Random } from './random.ts'
import type { Account } from './server-settings.ts'
import { newBody, patienceMs, think, type Visitor, type World } from './world.ts'

type Pending = { clientId: string; body: string; turn: number }
type Deliver = (pending: Pending) => Promise<Outcome>

/** Writes one attempt and its answer into the history. A server's own failure leaves the fate of a message open. */
async function attempt(world: World, who: Who, pending: Pending, deliver: Deliver): Promise<Outcome> {
  const { history } = world
  const attempt = history.invoke({ who, ...pending })
  const said = await deliver(pending)
  const leavesOpen = said.outcome === 'refused' && (said.code === 'internal_error' || isInDoubt(world, said.code))
  const outcome: Outcome = leavesOpen ? { outcome: 'unknown', why: said.code } : said
  const about = { attempt, clientId: pending.clientId }
  if (outcome.outcome === 'ok') {
    history.add({ type: 'ok', ...about, conversationId: outcome.conversationId, seq: outcome.seq })
  }
  if (outcome.outcome === 'refused') {
    history.add({ type: 'refused', ...about, code: outcome.code, retryable: outcome.retryable })
  }
  if (outcome.outcome === 'unknown') history.add({ type: 'unknown', ...about, why: outcome.why })
  return outcome
}

/** PostgreSQL may die between COMMIT and its answer. A file's own process knows, so there it would be a bug. */
const isInDoubt = (world: World, code: string): boolean => code === 'storage_silent' && world.onPostgres

/** Settled for good: stored, or refused in a way that trying again does not change. */
function settled(outcome: Outcome): boolean {
  return outcome.outcome === 'ok' || (outcome.outcome === 'refused' && !outcome.retryable)
}

/** A visitor who writes now and then, keeps what is not acknowledged and drains it in order, for ever. */
export class VisitorWriter {
  readonly who: Who
  #world: World
  #visitor: Visitor
  #random: Random
  #queue: Pending[] = []
  #settled: Pending[] = []
  #turns = 0
  #socket: VisitorSocket | null = null
  #socketFailures = 0

  #most: number

  /** `tab` names a second window of the same visitor; a writer stops by itself after `most` messages. */
  constructor(world: World, visitor: Visitor, { tab = '', most = Infinity }: { tab?: string; most?: number } = {}) {
    this.#world = world
    this.#visitor = visitor
    this.#most = most
    this.who = { kind: 'visitor', name: visitor.name + tab, of: visitor.name }
    this.#random = randomFor(world.seed, `writer ${this.who.name}`)
  }

  async run(): Promise<void> {
    const world = this.#world
    const isDone = () => this.#queue.length === 0 && (world.quiet || this.#turns >= this.#most)
    while (!world.over && !isDone()) {
      if (!world.quiet) this.#write()
      const drained = await this.#drain()
      await think(world, this.#random, drained ? world.thinkMs : this.#random.between(20, 200))
    }
    this.#socket?.terminate()
  }

  /** Up to three new messages, and now and then one again that was settled long ago. */
  #write(): void {
    if (this.#queue.length > 8 || this.#turns >= this.#most) return
    for (let count = this.#random.between(1, 3); count > 0; count--) {
      const turn = ++this.#turns
      this.#queue.push({ clientId: newClientId(), body: newBody(this.#world, this.#random, this.who, turn), turn })
    }
    if (this.#settled.length === 0 || !this.#random.chance(0.1)) return
    const again = this.#random.pick(this.#settled)
    if (!this.#queue.includes(again)) this.#queue.push(again)
  }

  /** One pass over the queue; false when something is left of it. */
  async #drain(): Promise<boolean> {
    const deliver = await this.#way()
    if (!deliver) return false
    const [first] = this.#queue
    if (!first) return true
    // The very first message goes alone: the conversation is not known before it is acknowledged.
    const batch = this.#visitor.conversationId === null ? [first] : this.#queue.slice(0, 4)
    const outcomes = deliver.together
      ? await Promise.all(batch.map((pending) => attempt(this.#world, this.who, pending, deliver.send)))
      : [await attempt(this.#world, this.who, first, deliver.send)]
    this.#queue = this.#queue.filter((pending) => {
      const outcome = outcomes[batch.indexOf(pending)]
      return outcome === undefined || !settled(outcome)
    })
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.outcome !== 'ok') continue
      this.#visitor.conversationId ??= outcome.conversationId
      if (this.#settled.length < 50) this.#settled.push(batch[index]!)
    }
    if (outcomes.some(({ outcome }) => outcome === 'unknown')) this.#hangUp()
    return outcomes.every(settled)
  }

  /** The socket, or HTTP once the socket has failed twice; null when there is no way now. */
  async #way(): Promise<{ send: Deliver; together: boolean } | null> {
    const { base } = this.#world
    const { token } = this.#visitor
    if (this.#socketFailures >= 2) {
      this.#socketFailures = this.#random.chance(0.3) ? 0 : 2
      return { send: (pending) => sendOverHttp(base, token, pending, { timeoutMs: patienceMs }), together: false }
    }
    if (!this.#socket?.open) {
      this.#hangUp()
      const socket = await VisitorSocket.connect(base, { token, timeoutMs: patienceMs, forget: true }).catch(() => null)
      if (!socket) {
        this.#socketFailures++
        return null
      }
      this.#socketFailures = 0
      this.#socket = socket
    }
    const socket = this.#socket
    return { send: (pending) => socket.send(pending, patienceMs), together: true }
  }

  #hangUp(): void {
    this.#socket?.terminate()
    this.#socket = null
  }
}

/** Visitors who come, write once or twice and go: first contacts all through the run. */
export class Newcomers {
  #world: World
  #random: Random

  constructor(world: World) {
    this.#world = world
    this.#random = randomFor(world.seed, 'newcomers')
  }

  async run(): Promise<void> {
    const world = this.#world
    for (let number = 1; !world.quiet && !world.over; number++) {
      await think(world, this.#random, world.thinkMs * 4)
      const opened = await session(world.base, world.siteId, undefined, { timeoutMs: patienceMs }).catch(() => null)
      if (!opened) continue
      const visitor: Visitor = { name: `newcomer${number}`, token: opened.visitorToken, conversationId: null }
      const tabs = ['', 'tab'].map(
        (tab) => new VisitorWriter(world, visitor, { tab, most: this.#random.between(1, 3) }),
      )
      await Promise.all(tabs.map((writer) => writer.run()))
    }
  }
}

/** An agent who answers everywhere through the console's own endpoint, takes, finishes and reopens. */
export class AgentWriter {
  readonly who: Who
  readonly client: AgentClient
  signedIn = false
  #world: World
  #account: Account
  #random: Random
  #turns = new Map<string, number>()
  #answered: { conversationId: string; pending: Pending }[] = []

  constructor(world: World, account: Account) {
    this.#world = world
    this.#account = account
    this.client = new AgentClient(world.base)
    this.client.timeoutMs = patienceMs
    this.who = { kind: 'agent', name: account.name }
    this.#random = randomFor(world.seed, `writer ${account.name}`)
  }

  async run(): Promise<void> {
    const world = this.#world
    while (!world.over && !world.quiet) {
      const known = world.visitors.filter(({ conversationId }) => conversationId !== null)
      if (known.length > 0 && (await this.#isSignedIn())) await this.#act(this.#random.pick(known).conversationId!)
      await think(world, this.#random, world.thinkMs)
    }
  }

  async #isSignedIn(): Promise<boolean> {
    if (this.signedIn) return true
    const { email, password } = this.#account
    this.signedIn = await this.client.signIn(email, password).then(
      () => true,
      () => false,
    )
    return this.signedIn
  }

  async #act(conversationId: string): Promise<void> {
    const roll = this.#random.next()
    if (roll < 0.1) return await this.#do('take', conversationId)
    if (roll < 0.16) return await this.#do('finish', conversationId)
    if (roll < 0.19) return await this.#do('reopen', conversationId)
    if (roll < 0.22 && this.#answered.length > 0) {
      const again = this.#random.pick(this.#answered)
      return await this.#answer(again.conversationId, again.pending)
    }
    const turn = (this.#turns.get(conversationId) ?? 0) + 1
    this.#turns.set(conversationId, turn)
    await this.#answer(conversationId, {
      clientId: newClientId(),
      body: newBody(this.#world, this.#random, this.who, turn),
      turn,
    })
  }

  /** The form keeps its clientId until it is settled. */
  async #answer(conversationId: string, pending: Pending): Promise<void> {
    while (!this.#world.over) {
      const outcome = await attempt(this.#world, this.who, pending, (message) =>
        this.client.send(conversationId, message),
      )
      if (outcome.outcome === 'refused' && outcome.code === 'sign_in_needed') this.signedIn = false
      if (outcome.outcome === 'ok' && this.#answered.length < 50) this.#answered.push({ conversationId, pending })
      if (settled(outcome)) return
      await think(this.#world, this.#random, this.#random.between(20, 200))
    }
  }

  async #do(verb: 'take' | 'finish' | 'reopen', conversationId: string): Promise<void> {
    const status = await this.client[verb](conversationId).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 401) this.signedIn = false
    this.#world.history.add({ type: 'verb', verb, agent: this.who.name, conversationId, status })
  }
}
