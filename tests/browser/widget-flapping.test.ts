import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { buildAssets } from '../../src/build/assets.ts'
import { type Fault, Proxy } from '../crash/proxy.ts'
import { randomFor } from '../crash/random.ts'
import { ServerProcess } from '../crash/server-process.ts'
import { Sink } from '../crash/sink.ts'
import { AgentClient } from '../support/agent-client.ts'
import { type Browser, errorsOf, openPages, widgetOn } from '../support/chromium.ts'
import { freshFolder } from '../support/program.ts'
import { openShop } from '../support/shop.ts'

// What the crash suite asks of its flapping reader, asked of the real widget.
setDefaultTimeout(150_000)

const answers = 60
const questions = 25
const kept = ':is([data-is="sent"], [data-is="delivered"], [data-is="seen"])'
const anna = { name: 'Anna', email: 'anna@water.test', role: 'owner', password: 'crash-suite-password' } as const

let browser: Browser
let proxy: Proxy
let sink: Sink
let server: ServerProcess
let folder: Awaited<ReturnType<typeof freshFolder>>

beforeAll(async () => {
  await buildAssets()
  folder = await freshFolder()
  proxy = await Proxy.listen()
  sink = new Sink(randomFor(1, 'sink'))
  server = new ServerProcess(`${folder.path}/server.log`)
  browser = await openPages()
})

afterAll(async () => {
  await browser.close()
  await server.kill()
  await proxy.close()
  await sink.close()
  await folder[Symbol.asyncDispose]()
})

const base = () => `http://127.0.0.1:${proxy.port}`

async function startServer(): Promise<string> {
  const flags = {
    data: `${folder.path}/data`,
    port: '0',
    'public-url': base(),
    'no-limits': true,
    'log-level': 'warn',
  } as const
  const started = await server.start({ flags, sink: sink.url, agents: [anna], failPoint: null, failAfter: 0 })
  if (!started) throw new Error('the server died while starting')
  proxy.target = started.port
  return started.siteId
}

async function killServer() {
  proxy.target = null
  await server.kill()
}

/** Tries again until it is done: what the network does to agents is not asked here. */
async function insist<T>(what: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const done = await what().catch(() => null)
    if (done !== null) return done
    await Bun.sleep(50)
  }
}

test('a widget whose connection comes and goes, with the server killed in between, shows the log: all, in order, once', async () => {
  const siteId = await startServer()
  const shop = openShop(base(), siteId)
  const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
  const errors = errorsOf(page)
  let connections = 0
  page.on('websocket', () => connections++)
  await page.goto(`http://localhost:${shop.port}/`)
  const { launcher, field, write, own, frame, inside } = widgetOn(page)
  await launcher.click()
  await field.waitFor()
  await write('question 0')
  await own.locator(kept).waitFor()

  const agent = new AgentClient(base())
  agent.timeoutMs = 3000
  await agent.signIn(anna.email, anna.password)
  const conversationId = /\/c\/([0-9a-f-]{36})/.exec((await agent.get('/inbox/rows?folder=waiting')).text)?.[1] ?? ''

  let over = false
  let cuts = 0
  let deaths = 0
  const random = randomFor(7, 'flapping')
  const faults: Fault[] = ['reset', 'half-close', 'reset', 'trickle', 'blackhole']

  async function flap() {
    while (!over) {
      const fault = faults[cuts++ % faults.length] ?? 'reset'
      proxy.inflict(fault)
      await Bun.sleep(50 + random.between(0, 250))
      proxy.lift()
      // A browser says so when its network is back.
      await (await inside()).evaluate(() => dispatchEvent(new Event('online')))
      await Bun.sleep(150 + random.between(0, 500))
      if (cuts % 6 !== 0) continue
      await killServer()
      deaths++
      await startServer()
    }
  }

  async function answer() {
    for (let n = 0; n < answers; n++) {
      const message = { clientId: `answer-${n}`, body: `answer ${n}` }
      await insist(async () => {
        const outcome = await agent.send(conversationId, message)
        return outcome.outcome === 'ok' ? outcome.seq : null
      })
      await Bun.sleep(random.between(0, 120))
    }
  }

  async function ask() {
    for (let n = 1; n <= questions; n++) {
      await write(`question ${n}`)
      await Bun.sleep(random.between(0, 400))
    }
  }

  const flapping = flap()
  await Promise.all([answer(), ask()])
  over = true
  await flapping
  await (await inside()).evaluate(() => dispatchEvent(new Event('online')))

  await own.nth(questions).locator(kept).waitFor({ timeout: 60_000 })
  const log = await insist(async () => {
    const { json } = await agent.get(`/c/${conversationId}/entries?after=0`, 'application/json')
    const items = json.items as { kind: string; body: string }[] | undefined
    return items ? items.filter(({ kind }) => kind === 'text').map(({ body }) => body) : null
  })
  const shown = async () =>
    (await frame.locator('.say .face').allTextContents()).map((text) => text.replace(/^(You|Anna): /, ''))
  await frame
    .locator('.say')
    .nth(log.length - 1)
    .waitFor()
  expect(await shown()).toEqual(log)

  // And the log is what was said: every word of either side once, each side in its own order.
  const said = (who: string, count: number) => Array.from({ length: count }, (_, n) => `${who} ${n}`)
  expect(log.filter((body) => body.startsWith('answer'))).toEqual(said('answer', answers))
  expect(log.filter((body) => body.startsWith('question'))).toEqual(said('question', questions + 1))
  console.log(`${cuts} cuts, ${deaths} deaths of the server, ${connections} connections`)
  expect(deaths).toBeGreaterThan(0)
  expect(connections).toBeGreaterThan(5)

  await page.reload()
  await launcher.click()
  await frame
    .locator('.say')
    .nth(log.length - 1)
    .waitFor()
  expect(await shown()).toEqual(log)
  const pending = () => Object.keys(localStorage).filter((key) => key.includes('pending'))
  expect(await page.evaluate(pending)).toEqual([])
  expect(errors).toEqual([])
  await shop.stop()
})
