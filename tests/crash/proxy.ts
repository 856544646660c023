import net from 'node:net'

/**
 * What the network does to bytes: `blackhole` lets a connection stand and moves nothing, `half-close` ends the way
 * back to the client only, `reset` breaks both ways at once, `trickle` moves a few bytes at a time.
 */
export type Fault = 'pass' | 'blackhole' | 'half-close' | 'reset' | 'trickle'

const trickleBytes = 24
const trickleEveryMs = 4

/** A TCP proxy on loopback with a fixed port of its own, in front of a server that comes and goes on other ports. */
export class Proxy {
  /** Where connections go; null refuses them, as a dead server does. */
  target: number | null = null
  #fault: Fault = 'pass'
  #links = new Set<Link>()
  #server: net.Server

  private constructor(server: net.Server) {
    this.#server = server
    server.on('connection', (client) => this.#link(client))
  }

  static async listen(): Promise<Proxy> {
    const server = net.createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new Proxy(server)
  }

  get port(): number {
    return (this.#server.address() as net.AddressInfo).port
  }

  /** Puts every open connection that `chosen` picks under `fault`, and all new ones until it is lifted. */
  inflict(fault: Fault, chosen: () => boolean = () => true): void {
    this.#fault = fault
    for (const link of this.#links) if (chosen()) link.inflict(fault)
  }

  /** New connections pass again. Those that were blackholed or half-closed stay so: their ends must notice themselves. */
  lift(): void {
    this.#fault = 'pass'
    for (const link of this.#links) link.inflict('pass')
  }

  async close(): Promise<void> {
    for (const link of this.#links) link.reset()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  #link(client: net.Socket): void {
    if (this.target === null) {
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    const link = new Link(client, this.target, () => this.#links.delete(link))
    this.#links.add(link)
    if (this.#fault !== 'pass') link.inflict(this.#fault)
  }
}

class Link {
  #client: net.Socket
  #server: net.Socket
  #trickling = false
  #mute = false
  #halfClosed = false

  constructor(client: net.Socket, target: number, gone: () => void) {
    this.#client = client
    this.#server = net.connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    this.#pump(client, this.#server)
    this.#pump(this.#server, client)
    for (const socket of [client, this.#server]) {
      socket.on('error', () => this.reset())
      socket.on('close', () => {
        this.reset()
        gone()
      })
    }
  }

  inflict(fault: Fault): void {
    this.#trickling = fault === 'trickle'
    if (fault === 'reset') this.reset()
    if (fault === 'half-close') {
      this.#halfClosed = true
      this.#client.end()
    }
    if (fault === 'blackhole') {
      this.#mute = true
      this.#client.pause()
      this.#server.pause()
    }
  }

  reset(): void {
    for (const socket of [this.#client, this.#server]) if (!socket.destroyed) socket.resetAndDestroy()
  }

  #pump(from: net.Socket, to: net.Socket): void {
    let queue = Promise.resolve()
    from.on('data', (bytes: Buffer) => {
      queue = queue.then(() => this.#forward(bytes, to))
    })
    from.on('end', () => {
      queue = queue.then(() => void (this.#mute || to.end()))
    })
  }

  async #forward(bytes: Buffer, to: net.Socket): Promise<void> {
    let rest = bytes
    while (rest.length > 0 && !this.#mute && !to.destroyed) {
      if (to === this.#client && this.#halfClosed) return
      const part = this.#trickling ? rest.subarray(0, trickleBytes) : rest
      rest = rest.subarray(part.length)
      to.write(part)
      if (this.#trickling) await Bun.sleep(trickleEveryMs)
    }
  }
}
