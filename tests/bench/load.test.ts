import { Database } from 'bun:sqlite'
import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { load, type Server, startLimit, startOurs } from '../../bench/support/servers.ts'

// The bench is only worth something if its load is the real thing and its line to measure against keeps what it acks.

async function sendBriefly(server: Server, file: string, rate?: number): Promise<void> {
  try {
    const options = { senders: 4, warmup: 0.1, seconds: 2, ...(rate === undefined ? {} : { rate }) }
    const result = await load(server, options)
    expect([result.refused, result.unanswered, result.closed]).toEqual([0, 0, 0])
    expect(result.acked).toBeGreaterThan(0)
    expect(result.latencyMs.p50).toBeGreaterThan(0)
    const kept = new Database(join(server.folder, file), { readonly: true })
    const { n } = kept
      .query<{ n: number }, []>("SELECT count(*) AS n FROM messages WHERE author_kind = 'visitor'")
      .get() ?? { n: 0 }
    kept.close()
    expect(n).toBeGreaterThanOrEqual(result.acked)
  } finally {
    await server.stop()
  }
}

test('the bare limit keeps what it acknowledges to senders who wait', async () => {
  await sendBriefly(await startLimit(), 'limit.db')
}, 30_000)

test('our server takes the same load, sent at fixed times', async () => {
  await sendBriefly(await startOurs(), 'kontuar.db', 100)
}, 30_000)
