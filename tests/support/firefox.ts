import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from './waiting.ts'

type Answer = { id?: number; type: string; result?: unknown; error?: string; message?: string }
type Tree = { context: string; url: string; children: Tree[] | null }
type Evaluated = { type: string; result?: { value?: unknown }; exceptionDetails?: { text: string } }

const address = /WebDriver BiDi listening on (ws:\S+)/

/**
 * Debian's Firefox, headless, spoken to by WebDriver BiDi (w3c.github.io/webdriver-bidi): Playwright asks of it what this
 * version does not know yet. One tab; what is evaluated gives back texts, numbers and booleans.
 */
export async function openFirefox() {
  const profile = await mkdtemp(join(tmpdir(), 'kontuar-firefox-'))
  // Nothing that Firefox fetches for itself belongs into a test.
  await Bun.write(join(profile, 'user.js'), preferences)
  const child = Bun.spawn(
    [
      process.env.FIREFOX ?? '/usr/bin/firefox-esr',
      '--headless',
      '--no-remote',
      '--profile',
      profile,
      '--remote-debugging-port',
      '0',
    ],
    { stdout: 'ignore', stderr: 'pipe', env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' } },
  )
  const socket = new WebSocket(`${await firstMatch(child.stderr, address)}/session`)
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('Firefox does not answer'))
  })
  const send = speaker(socket)
  await send('session.new', { capabilities: {} })
  const { context } = (await send('browsingContext.create', { type: 'tab' })) as { context: string }
  await send('browsingContext.setViewport', { context, viewport: { width: 1000, height: 700 } })

  async function evaluate(expression: string, where = context): Promise<unknown> {
    const params = { expression, target: { context: where }, awaitPromise: true, userActivation: false }
    const { type, result, exceptionDetails } = (await send('script.evaluate', params)) as Evaluated
    if (type !== 'success') throw new Error(exceptionDetails?.text ?? 'not evaluated')
    return result?.value
  }

  return {
    evaluate,
    goTo: (url: string) => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    /** The frame whose address holds `part`, once it is there. */
    async frame(part: string): Promise<string> {
      const find = async () => {
        const { contexts } = (await send('browsingContext.getTree', { root: context })) as { contexts: Tree[] }
        return contexts[0]?.children?.find(({ url }) => url.includes(part))?.context ?? ''
      }
      await eventually(async () => (await find()) !== '', true)
      return find()
    },
    /** Clicks on the middle of what `expression` finds, as a hand does. */
    async click(expression: string, where = context) {
      const box = `(() => { const { x, y, width, height } = (${expression}).getBoundingClientRect(); return [x + width / 2, y + height / 2].map(Math.round).join() })()`
      const [x, y] = String(await evaluate(box, where))
        .split(',')
        .map(Number)
      const steps = [
        { type: 'pointerMove', x, y },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]
      const mouse = { type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: steps }
      await send('input.performActions', { context: where, actions: [mouse] })
    },
    async type(text: string, where = context) {
      const actions = [...text].flatMap((value) => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ])
      await send('input.performActions', { context: where, actions: [{ type: 'key', id: 'keys', actions }] })
    },
    async close() {
      socket.close()
      child.kill('SIGTERM')
      await child.exited
      await rm(profile, { recursive: true, force: true })
    },
  }
}

/** Keys that are no letters, as WebDriver names them. */
export const enter = '\uE007'
export const escape = '\uE00C'

function speaker(socket: WebSocket) {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>()
  let last = 0
  socket.onmessage = ({ data }) => {
    const { id, type, result, error, message } = JSON.parse(String(data)) as Answer
    const asked = waiting.get(id ?? -1)
    if (!asked || id === undefined) return
    waiting.delete(id)
    if (type === 'success') asked.resolve(result)
    else asked.reject(new Error(`${error}: ${message}`))
  }
  return (method: string, params: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject })
      socket.send(JSON.stringify({ id: last, method, params }))
    })
}

async function firstMatch(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<string> {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`Firefox did not start: ${text}`)
    text += decoder.decode(value, { stream: true })
    const [, found] = pattern.exec(text) ?? []
    if (!found) continue
    // What else it says is of no interest, but must not fill the pipe.
    void (async () => {
      while (!(await reader.read()).done);
    })()
    return found
  }
}

const preferences = `
user_pref("app.update.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
user_pref("browser.startup.homepage_override.mstone", "ignore");
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("extensions.update.enabled", false);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("services.settings.server", "data:,");
user_pref("toolkit.telemetry.server", "data:,");
user_pref("intl.accept_languages", "en-GB, en");
`
