import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { request } from 'node:https'
import { join } from 'node:path'
import { createSite, type SiteRow } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { hire, password } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { freshFolder, until } from '../support/program.ts'
import { newClientId, session, VisitorSocket } from '../support/visitor-client.ts'

setDefaultTimeout(30_000)

const examples = join(import.meta.dir, '../../docs/examples')
const certificate = join(import.meta.dir, '../support/tls/cert.pem')
const key = join(import.meta.dir, '../support/tls/key.pem')

type Place = { folder: string; housePort: string; port: number }
type Proxy = { name: string; example: string; start: (text: string, place: Place) => Promise<string[]> }

/** Replaces what a reader of the example replaces; fails when the example does not say it any more. */
function adapt(text: string, changes: [from: string, to: string][]): string {
  for (const [from] of changes) if (!text.includes(from)) throw new Error(`the example does not say: ${from}`)
  return changes.reduce((changed, [from, to]) => changed.replaceAll(from, to), text)
}

const proxies: Proxy[] = [
  {
    name: 'nginx',
    example: 'nginx.conf',
    async start(text, { folder, housePort, port }) {
      const site = adapt(text, [
        ['127.0.0.1:3000', `127.0.0.1:${housePort}`],
        ['listen 80;', `listen unix:${folder}/http.sock;`],
        ['listen 443 ssl', `listen 127.0.0.1:${port} ssl`],
        ['chat.example.com;', 'localhost;'],
        ['/etc/letsencrypt/live/chat.example.com/fullchain.pem', certificate],
        ['/etc/letsencrypt/live/chat.example.com/privkey.pem', key],
      ])
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
        .map((one) => `${one}_temp_path ${folder}/${one};`)
        .join('\n')
      const user = process.getuid?.() === 0 ? 'user root;' : ''
      const main = `${user} daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
        events { worker_connections 256; } http { access_log off; ${temporary} ${site} }`
      await Bun.write(join(folder, 'nginx.conf'), main)
      return ['nginx', '-e', `${folder}/error.log`, '-p', folder, '-c', join(folder, 'nginx.conf')]
    },
  },
  {
    name: 'caddy',
    example: 'Caddyfile',
    async start(text, { folder, housePort, port }) {
      const site = adapt(text, [
        ['127.0.0.1:3000', `127.0.0.1:${housePort}`],
        ['chat.example.com {', `https://localhost:${port} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}`],
      ])
      const general = '{\n\tadmin off\n\tauto_https disable_redirects\n}\n'
      await Bun.write(join(folder, 'Caddyfile'), general + site)
      return ['caddy', 'run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')]
    },
  },
]

// Debian keeps nginx where only root looks.
const PATH = `${process.env['PATH']}:/usr/sbin`

for (const proxy of proxies) {
  describe(`behind ${proxy.name} with ${proxy.example} of the documents`, () => {
    let house: TestHouse
    let folder: Awaited<ReturnType<typeof freshFolder>>
    let child: Bun.Subprocess | undefined
    let site: SiteRow
    let url = ''
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED']

    beforeAll(async () => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
      folder = await freshFolder()
      // Held until the proxy takes it: a house takes its time to open.
      const held = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
      const { port } = held
      url = `https://localhost:${port}`
      house = await openHouse({ demo: true, 'public-url': url }, {}, { KONTUAR_LIMITS_SESSIONS_PER_MINUTE: '5' })
      site = await write((tx) => createSite(tx, { name: 'Water' }))
      const text = await Bun.file(join(examples, proxy.example)).text()
      const command = await proxy.start(text, { folder: folder.path, housePort: new URL(house.url).port, port })
      const env = { PATH, HOME: folder.path }
      held.stop(true)
      child = Bun.spawn(command, { env, stdio: ['ignore', 'ignore', Bun.file(join(folder.path, 'stderr'))] })
      await until(async () => {
        const text = () => Bun.file(join(folder.path, 'stderr')).text()
        if (child?.exitCode !== null) throw new Error(`${proxy.name} did not start: ${await text()}`)
        return fetch(`${url}/healthz`).then(
          ({ ok }) => ok || null,
          () => null,
        )
      })
    })

    afterAll(async () => {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before
      child?.kill('SIGTERM')
      await child?.exited
      await house.close()
      await folder[Symbol.asyncDispose]()
    })

    test('the demo shop is shown, with its widget', async () => {
      const page = await fetch(`${url}/demo`)
      expect(page.status).toBe(200)
      expect(await page.text()).toContain('/widget.js')
      expect((await fetch(`${url}/widget.js`)).status).toBe(200)
    })

    test('a visitor says hello over the socket and sends', async () => {
      const { visitorToken } = await session(url, site.id)
      const boris = await VisitorSocket.connect(url, { token: visitorToken, headers: { origin: url } })
      expect(await boris.send({ clientId: newClientId(), body: 'Do you deliver today?' })).toMatchObject({
        outcome: 'ok',
        seq: 1,
      })
      await boris.ping()
      await boris.close()
    })

    test('visitors count by their own address, whatever X-Forwarded-For they write', async () => {
      const flood = '127.0.0.8'
      const statuses = []
      for (let n = 1; n <= 7; n += 1) statuses.push(await beginSession(flood, `198.51.100.${n}`))
      expect(statuses.slice(0, 5)).toEqual([200, 200, 200, 200, 200])
      expect(statuses.at(-1)).toBe(429)
      // Neither by the proxy's address, nor by one that somebody else has written.
      expect(await beginSession('127.0.0.9')).toBe(200)
      expect(await beginSession('127.0.0.9', flood)).toBe(200)
    })

    test('the session cookie is for https alone because the proxy says https, whatever the browser says', async () => {
      // With a public URL the scheme would be known without the proxy.
      const { port } = new URL(house.url)
      await house.close()
      house = await openHouse({ port })
      await hire('Anna')
      for (const claim of ['http', 'https']) {
        const headers = { 'x-forwarded-proto': claim }
        expect(await sessionCookie(url, headers)).toMatch(/^__Host-kontuar=[\w-]+; Path=\/; .*; Secure$/)
      }
      expect(await sessionCookie(house.url)).toMatch(/^kontuar=[\w-]+; (?!.*Secure)/)
    })

    async function sessionCookie(base: string, headers: Record<string, string> = {}): Promise<string | undefined> {
      const body = new URLSearchParams({ email: 'anna@shop.test', password })
      const answer = await fetch(`${base}/sign-in`, { method: 'POST', redirect: 'manual', headers, body })
      return answer.headers.getSetCookie().find((line) => line.includes('kontuar='))
    }

    function beginSession(from: string, forwardedFor?: string): Promise<number> {
      return new Promise((resolve, reject) => {
        const body = JSON.stringify({ siteId: site.id })
        const headers = { 'content-type': 'application/json', ...(forwardedFor && { 'x-forwarded-for': forwardedFor }) }
        const sent = request(`${url}/api/widget/v1/sessions`, {
          ...{ method: 'POST', headers, localAddress: from, family: 4, rejectUnauthorized: false },
        })
        sent.on('response', (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
        sent.on('error', reject)
        sent.end(body)
      })
    }
  })
}
