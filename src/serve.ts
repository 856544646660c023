import { createApp } from './app.ts'
import { controlCommands } from './cli/control-commands.ts'
import type { Config } from './config.ts'
import { features } from './features.ts'
import { closeStore, openStore, type StoreOptions } from './platform/db/open.ts'
import type { Feature } from './platform/feature.ts'
import { startControl } from './platform/http/control.ts'
import { websocket } from './platform/http/socket.ts'
import { releaseLeases } from './platform/jobs/outbox.ts'
import { startJobs } from './platform/jobs/worker.ts'
import { CannotStart } from './platform/lib/cannot-start.ts'
import { openSecretKey } from './platform/lib/secret-key.ts'
import { clearBus } from './platform/live/bus.ts'
import { clearHub } from './platform/live/hub.ts'
import { clearPresence } from './platform/live/presence.ts'

export type House = { url: string; port: number; stop: () => Promise<void> }
export type ServeOptions = StoreOptions & { extraFeatures?: readonly Feature[] }

const maxRequestBytes = 1024 * 1024
// A header or a body that drips in more slowly than this is hung up on.
const idleSeconds = 30

/**
 * Opens the house: the data folder, every feature, then the door. Throws `CannotStart` with one line for a person when
 * the folder or the port is not to be had. `stop` lets everybody go, finishes the writes and closes the folder cleanly.
 */
export async function serve(config: Config, options: ServeOptions = {}): Promise<House> {
  const all = [...features, ...(options.extraFeatures ?? [])]
  const undo: (() => unknown)[] = []
  const unwind = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    // Cleared after the last write is finished: it still needs its reactions.
    undo.push(clearBus, clearPresence, clearHub)
    await openStore(config.data, { databaseUrl: config.databaseUrl, ...options })
    undo.push(closeStore)
    openSecretKey(config.data)
    for (const feature of all) {
      await feature.start?.(config)
      if (feature.stop) undo.push(() => feature.stop?.())
    }
    await releaseLeases()
    const jobs = startJobs(Object.assign({}, ...all.map((feature) => feature.jobs ?? {})))
    undo.push(() => jobs.stop())
    const control = await startControl(config.data, controlCommands)
    undo.push(() => control.stop())
    const server = await listen(config, all)
    // First no new connections, then each feature says goodbye on its own, and what is left is cut.
    undo.unshift(() => server.stop(true))
    undo.push(() => void server.stop(false))
    return { url: addressOf(config, server.port ?? config.port), port: server.port ?? config.port, stop: unwind }
  } catch (error) {
    await unwind()
    throw isDiskFull(error)
      ? new CannotStart(`The disk that holds ${config.data} is full. Make room on it, then start again.`)
      : error
  }
}

const isDiskFull = (error: unknown): boolean => /^(SQLITE_FULL|ENOSPC)/.test(String((error as { code?: unknown }).code))

async function listen(config: Config, all: readonly Feature[]) {
  const { host, port, tls } = config
  const app = await createApp(config, all)
  try {
    app.listen({
      hostname: host,
      port,
      ...(tls ? { tls } : {}),
      // Elysia's default shares the port with whoever has it already; a second server must hear that it is taken.
      reusePort: false,
      development: false,
      idleTimeout: idleSeconds,
      maxRequestBodySize: maxRequestBytes,
      websocket,
    })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE')
      throw new CannotStart(`Port ${port} on ${host} is taken. Stop what listens there, or choose another with --port.`)
    if (code === 'EACCES')
      throw new CannotStart(
        `Port ${port} needs rights that this user does not have. Choose one above 1023 with --port.`,
      )
    throw new CannotStart(`Cannot listen on ${host}:${port} (${code ?? String(error)}).`)
  }
  if (!app.server) throw new CannotStart(`Cannot listen on ${host}:${port}.`)
  return app.server
}

/** The address at which a server with these settings answers on this machine. */
export function addressOf({ host, tls }: Config, port: number): string {
  const near = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `${tls ? 'https' : 'http'}://${near.includes(':') ? `[${near}]` : near}:${port}`
}
