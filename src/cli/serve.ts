import { readConfig, settingFlags, unknownVariables } from '../config.ts'
import { setupLink } from '../features/agents/index.ts'
import { log, setUpLog } from '../platform/lib/log.ts'
import { serve as startServer } from '../serve.ts'
import { type Command, print } from './command.ts'
import { notifyReady } from './notify-ready.ts'

export const serve: Command = {
  usage: 'serve [flags]',
  summary: 'Serve the widget, the console and the visitors.',
  flags: settingFlags,
  async run(flags) {
    const config = readConfig(flags)
    setUpLog({ level: config.logLevel })
    for (const name of unknownVariables()) log.warn('an environment variable that sets nothing', { name })
    surviveBugs()
    const stopping = waitForSignal()
    await buildWhenFromSource()
    const { url, stop } = await startServer(config)
    const outside = config.publicUrl ?? url
    const link = await setupLink(outside)
    await print(link ? `Set-up link (works once): ${link}` : `Console: ${outside}/`)
    if (config.demo) await print(`Demo shop: ${outside}/demo`)
    log.info('ready', { url, data: config.data, pid: process.pid })
    void notifyReady()
    log.info('stopping', { signal: await stopping })
    await within(20_000, stop())
    log.info('stopped')
    return 0
  },
}

/** In the executable the browser files are built in; a source tree builds them anew, in a fraction of a second. */
async function buildWhenFromSource(): Promise<void> {
  if (Bun.isStandaloneExecutable) return
  const { buildAssets } = await import('../build/assets.ts')
  await buildAssets()
}

/**
 * Settles at the first signal to stop; the next one ends the process at once. One Ctrl-C under npm comes twice, from
 * the terminal and forwarded by npm: what follows within a second is the same.
 */
function waitForSignal(): Promise<string> {
  return new Promise((resolve) => {
    let firstAt = 0
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (firstAt === 0) firstAt = performance.now()
        else if (performance.now() - firstAt > 1000) process.exit(1)
        resolve(signal)
      })
    }
  })
}

async function within(limitMs: number, work: Promise<void>): Promise<void> {
  const timer = setTimeout(() => {
    log.error('could not stop in time')
    process.exit(1)
  }, limitMs)
  await work
  clearTimeout(timer)
}

/** One bug must not end everybody's conversation: it is logged, and the house stays open. */
function surviveBugs(): void {
  process.on('uncaughtException', (error) => log.error('an unexpected error', { error }))
  process.on('unhandledRejection', (error) => log.error('an unexpected rejection', { error }))
}
