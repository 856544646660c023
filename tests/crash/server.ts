// The server under test: the whole house, a reaction that posts every message to the suite's sink, and a fail point.
import { Database } from 'bun:sqlite'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { createAgent, listAgents } from '../../src/features/agents/index.ts'
import { createSite, listSites } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import type { Feature } from '../../src/platform/feature.ts'
import { enqueue } from '../../src/platform/jobs/outbox.ts'
import { setUpLog } from '../../src/platform/lib/log.ts'
import { reactInside } from '../../src/platform/live/bus.ts'
import { serve } from '../../src/serve.ts'
import { strikePostgres } from '../support/postgres.ts'
import { readSettings } from './server-settings.ts'

const settings = readSettings()

const reaction: Feature = {
  name: 'crash-suite',
  jobs: {
    'crash-sink': async (place: { conversationId: string; seq: number }, { id, signal }) => {
      const body = JSON.stringify({ id, ...place })
      const answer = await fetch(settings.sink, { method: 'POST', body, signal })
      if (!answer.ok) throw new Error(`the sink answered ${answer.status}`)
    },
  },
  async start() {
    await settle()
    reactInside('message.sent', async (tx, { message: { conversationId, seq } }) => {
      await enqueue(tx, 'crash-sink', { conversationId, seq }, `${conversationId}:${seq}`)
    })
  },
}

/** The shop and its people, at the first start. */
async function settle(): Promise<void> {
  if ((await listAgents()).length > 0) return
  if ((await listSites()).length === 0) await write((tx) => createSite(tx, { name: 'Water' }))
  for (const { email, name, role, password } of settings.agents) await createAgent({ email, name, role, password })
}

/** Dies at the chosen moment, the `after`-th time that it comes. */
function dieAt(point: 'before-commit' | 'after-commit' | 'before-ack'): (() => void) | undefined {
  if (settings.failPoint !== point) return undefined
  let left = settings.failAfter
  return () => {
    if (settings.armedBy && !existsSync(settings.armedBy)) return
    if (settings.keptFirst && !isKept(settings.keptFirst)) return
    left -= 1
    if (left !== 0) return
    if (settings.strikes) strikePostgres(settings.strikes)
    else process.kill(process.pid, 'SIGKILL')
  }
}

/** Whether a message with this text is on disk, asked beside the server. */
function isKept(body: string): boolean {
  if (config.databaseUrl !== null) return isKeptIn(config.databaseUrl, body)
  const beside = new Database(join(config.data, 'kontuar.db'), { readonly: true })
  const found = beside.query('SELECT 1 FROM messages WHERE body = ?').get(body)
  beside.close()
  return found !== null
}

/** A moment that may not be awaited: another process asks. */
function isKeptIn(url: string, body: string): boolean {
  const question = `const sql = new Bun.SQL(${JSON.stringify(url)})
    console.log((await sql.unsafe('SELECT 1 FROM messages WHERE body = $1', [${JSON.stringify(body)}])).length)
    await sql.close()`
  return Bun.spawnSync([process.execPath, '-e', question]).stdout.toString().trim() !== '0'
}

const config = readConfig(settings.flags)
setUpLog({ level: config.logLevel })
const stopping = new Promise((resolve) => process.once('SIGTERM', resolve))
const house = await serve(config, {
  hooks: { beforeCommit: dieAt('before-commit'), afterCommit: dieAt('after-commit'), beforeAck: dieAt('before-ack') },
  extraFeatures: [reaction],
})
// With the planted bug of an ack before the commit, the shop is not yet there when its creation has been acknowledged.
let [site] = await listSites()
while (!site) {
  await Bun.sleep(5)
  ;[site] = await listSites()
}
process.stdout.write(`${JSON.stringify({ port: house.port, siteId: site.id })}\n`)
await stopping
await house.stop()
process.exit(0)
