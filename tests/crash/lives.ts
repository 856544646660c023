import type { Kill } from './history.ts'
import type { Proxy } from './proxy.ts'
import type { FailPoint, ServerSettings } from './server-settings.ts'
import type { ServerProcess, Started } from './server-process.ts'
import type { World } from './world.ts'

/** Which PostgreSQL dies, by its data folder, once the file `armedBy` is there. */
export type Strike = { strikes: string; armedBy: string }

/** The server's lives and deaths, written into the history. A death that nobody asked for ends the run. */
export class Lives {
  readonly server: ServerProcess
  slowed = false
  /** Rejects when the server dies by itself. */
  readonly accident: Promise<never>
  #settings: Omit<ServerSettings, 'failPoint' | 'failAfter'>
  #proxy: Proxy
  #world: World
  #expected = false
  #life = 0
  #report!: (error: Error) => void

  constructor(
    server: ServerProcess,
    settings: Omit<ServerSettings, 'failPoint' | 'failAfter'>,
    proxy: Proxy,
    world: World,
  ) {
    this.server = server
    this.#settings = settings
    this.#proxy = proxy
    this.#world = world
    this.accident = new Promise((_, reject) => {
      this.#report = reject
    })
    this.accident.catch(() => undefined)
  }

  /**
   * Starts the server; with a fail point it will die there, and null means that it did so before it was ready. With a
   * strike, PostgreSQL will die there instead.
   */
  async start(
    failPoint: FailPoint | null = null,
    failAfter = 0,
    strike: Strike | null = null,
  ): Promise<Started | null> {
    this.#expected = failPoint !== null && strike === null
    const started = await this.server.start({ ...this.#settings, failPoint, failAfter, ...strike })
    if (!started) {
      if (!this.#expected) throw new Error('the server died while starting: see server.log')
      return null
    }
    this.#proxy.target = started.port
    this.#world.history.add({ type: 'ready', tookMs: started.tookMs, slowed: this.slowed })
    const life = ++this.#life
    void this.server.exited.then((code) => {
      if (this.#expected || this.#life !== life) return
      this.#report(new Error(`the server ended by itself with ${code}: see server.log`))
    })
    return started
  }

  /** Starts the server where it may well be impossible, and sees to it that it is dead again. */
  async tryToStart(): Promise<void> {
    this.#expected = true
    await this.server.start({ ...this.#settings, failPoint: null, failAfter: 0 })
    await this.server.kill()
  }

  /** SIGTERM, without waiting for the end. */
  leave(): void {
    this.#expected = true
    this.server.signal('SIGTERM')
  }

  async kill(): Promise<void> {
    this.#expected = true
    this.#down('random')
    await this.server.kill()
  }

  /** Starts the server with a fail point, lets it die there, and has it up again. */
  async dieAt(point: FailPoint, after: number): Promise<void> {
    await this.start(point, after)
    const late = Bun.sleep(6000).then(() => 'late' as const)
    const ended = await Promise.race([this.server.exited.then(() => 'died' as const), late])
    if (ended === 'late') return await this.kill()
    this.#down(point)
  }

  /** SIGTERM; kills a server that does not stop. */
  async stop(): Promise<void> {
    this.#expected = true
    const from = performance.now()
    this.server.signal('SIGTERM')
    const late = Bun.sleep(10_000).then(() => 'late' as const)
    const exitCode = await Promise.race([this.server.exited, late])
    if (exitCode === 'late') await this.server.kill()
    this.#proxy.target = null
    const tookMs = performance.now() - from
    this.#world.history.add({ type: 'stop', exitCode: exitCode === 'late' ? null : exitCode, tookMs })
  }

  #down(how: Kill['how']): void {
    this.#proxy.target = null
    this.#world.history.add({ type: 'kill', how })
  }
}
