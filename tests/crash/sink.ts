import type { SinkCopy } from './history.ts'
import type { Random } from './random.ts'

/** Where the test reaction posts to: keeps every copy, and now and then takes one and answers 500 all the same. */
export class Sink {
  readonly copies: SinkCopy[] = []
  #server: ReturnType<typeof Bun.serve>

  constructor(random: Random) {
    this.#server = Bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: async (request) => {
        this.copies.push((await request.json()) as SinkCopy)
        return new Response(null, { status: random.chance(0.02) ? 500 : 204 })
      },
    })
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}/`
  }

  async close(): Promise<void> {
    await this.#server.stop(true)
  }
}
