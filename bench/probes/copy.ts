/**
 * Probe: moving a shop to PostgreSQL. Fills a store, copies it with the real program into a PostgreSQL of its own, and says
 * how long each step took and how much memory the program held in it: that must not grow with the shop.
 *
 *   bun bench/probes/copy.ts [--messages 1000000]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { closeStore, openStore } from '../../src/platform/db/open.ts'
import { fillMessages } from '../../tests/support/fill-store.ts'
import { freshDatabase, startPostgres } from '../../tests/support/postgres.ts'

const { values } = parseArgs({ options: { messages: { type: 'string' } } })
const messages = Number(values.messages ?? 1_000_000)

type Step = { name: string; rows: number; seconds: number; mostMemoryMb: number }

const memoryMbOf = async (pid: number): Promise<number> =>
  Number(/VmRSS:\s+(\d+)/.exec(await Bun.file(`/proc/${pid}/status`).text())?.[1] ?? 0) / 1024

async function measure(folder: string, url: string): Promise<Step[]> {
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dir, '../../src/main.ts'), 'copy', '--data', folder, '--to', url],
    { env: {}, stdout: 'inherit', stderr: 'pipe' },
  )
  const steps: Step[] = []
  let began = performance.now()
  const sampling = setInterval(() => {
    memoryMbOf(child.pid).then(
      (mb) => {
        const step = steps.at(-1)
        if (step) step.mostMemoryMb = Math.max(step.mostMemoryMb, Math.round(mb))
      },
      () => undefined,
    )
  }, 20)
  const endStep = () => {
    const step = steps.at(-1)
    if (step) step.seconds = Math.round((performance.now() - began) / 100) / 10
    began = performance.now()
  }
  const decoder = new TextDecoder()
  for await (const chunk of child.stderr) {
    for (const [, name = '', rows = ''] of decoder.decode(chunk).matchAll(/^(\w[\w ]+) \(([\d,]+) rows\)$/gm)) {
      endStep()
      steps.push({ name, rows: Number(rows.replaceAll(',', '')), seconds: 0, mostMemoryMb: 0 })
    }
  }
  endStep()
  clearInterval(sampling)
  if ((await child.exited) !== 0) throw new Error('the copy failed')
  return steps
}

const folder = await mkdtemp(join(tmpdir(), 'kontuar-copy-probe-'))
const server = await startPostgres()
try {
  await openStore(folder)
  await closeStore()
  fillMessages(folder, messages)
  const { url } = await freshDatabase(server.url)
  for (const { name, rows, seconds, mostMemoryMb } of await measure(folder, url))
    console.log(`${name}: ${seconds} s, ${Math.round(rows / seconds)} rows/s, at most ${mostMemoryMb} MB`)
} finally {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
}
