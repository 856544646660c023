import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { readConfig, settings, unknownVariables } from '../../src/config.ts'
import { quoted, sections, tables } from '../support/markdown.ts'
import { freshFolder } from '../support/program.ts'

test('flags beat variables, variables beat kontuar.toml, and that beats the defaults', async () => {
  await using folder = await freshFolder()
  const data = folder.path
  expect(readConfig({ data }, {})).toMatchObject({ host: '127.0.0.1', port: 3000, data, demo: false, logLevel: 'info' })
  await Bun.write(join(data, 'kontuar.toml'), 'port = 4000\nhost = "0.0.0.0"\ndemo = true')
  expect(readConfig({ data }, {})).toMatchObject({ host: '0.0.0.0', port: 4000, demo: true })
  const env = { KONTUAR_PORT: '5000', KONTUAR_DEMO: 'no' }
  expect(readConfig({ data }, env)).toMatchObject({ host: '0.0.0.0', port: 5000, demo: false })
  expect(readConfig({ data, port: '6000', demo: true }, env)).toMatchObject({ port: 6000, demo: true })
})

test('a variable may name a file that holds the value, as secrets are handed over', async () => {
  await using folder = await freshFolder()
  const file = join(folder.path, 'url')
  await Bun.write(file, 'https://chat.shop.example\n')
  const env = { KONTUAR_DATA: folder.path, KONTUAR_PUBLIC_URL_FILE: file }
  expect(readConfig({}, env)).toMatchObject({ data: folder.path, publicUrl: 'https://chat.shop.example' })
})

test('PostgreSQL is named by the flag, our variable, the variable that every host sets, or kontuar.toml, in this order', async () => {
  await using folder = await freshFolder()
  const data = folder.path
  const urlOf = (name: string) => `postgres://kontuar@localhost/${name}`
  expect(readConfig({ data }, {}).databaseUrl).toBeNull()
  expect(readConfig({ data }, { DATABASE_URL: '' }).databaseUrl).toBeNull()
  await Bun.write(join(data, 'kontuar.toml'), `database_url = "${urlOf('toml')}"`)
  expect(readConfig({ data }, {}).databaseUrl).toBe(urlOf('toml'))
  const env = { DATABASE_URL: urlOf('host') }
  expect(readConfig({ data }, env).databaseUrl).toBe(urlOf('host'))
  const both = { ...env, KONTUAR_DATABASE_URL: urlOf('ours') }
  expect(readConfig({ data }, both).databaseUrl).toBe(urlOf('ours'))
  expect(readConfig({ data, 'database-url': urlOf('flag') }, both).databaseUrl).toBe(urlOf('flag'))
  await Bun.write(join(data, 'secret'), `${urlOf('file')}\n`)
  expect(readConfig({ data }, { DATABASE_URL_FILE: join(data, 'secret') }).databaseUrl).toBe(urlOf('file'))
})

test.each([
  'mysql://root:hunter2@localhost/shop',
  'hunter2',
  'postgres://kontuar:hunter2@localhost',
  'postgres:hunter2',
])('what is no address of a PostgreSQL database is refused without repeating the password: %s', (url) => {
  const read = () => readConfig({}, { DATABASE_URL: url })
  expect(read).toThrow('DATABASE_URL must be a URL such as postgres://user:password@host:5432/kontuar')
  expect(read).not.toThrow(/hunter2/)
})

test('every setting can stand in kontuar.toml', async () => {
  await using folder = await freshFolder()
  const tls = join(import.meta.dir, '../support/tls')
  await Bun.write(
    join(folder.path, 'kontuar.toml'),
    `host = "::1"
    port = 0
    public_url = "https://Chat.Shop.example/"
    trusted_proxies = ["10.0.0.0/8", "loopback"]
    tls_cert = "${tls}/cert.pem"
    tls_key = "${tls}/key.pem"
    demo = true
    no_limits = true
    insecure_http = true
    log_level = "debug"
    [limits]
    visitor_per_second = 9
    site_burst = 12`,
  )
  const config = readConfig({ data: folder.path }, { KONTUAR_LIMITS_SITE_BURST: '13' })
  expect(config).toMatchObject({
    host: '::1',
    port: 0,
    publicUrl: 'https://chat.shop.example',
    trustedProxies: ['10.0.0.0/8', 'loopback'],
    demo: true,
    noLimits: true,
    insecureHttp: true,
    logLevel: 'debug',
  })
  expect(config.tls?.cert).toStartWith('-----BEGIN CERTIFICATE')
  expect(config.limits).toMatchObject({ visitorPerSecond: 9, siteBurst: 13, ipBurst: 10_000 })
})

test('nobody can change the configuration once it is read', () => {
  const config = readConfig({}, {})
  expect(() => Object.assign(config, { port: 1 })).toThrow()
  expect(() => Object.assign(config.limits, { visitorBurst: 1 })).toThrow()
  expect(() => (config.trustedProxies as string[]).push('0.0.0.0/0')).toThrow()
})

test('by default a fast typist and an office of a hundred behind one address are under every limit', () => {
  const { limits } = readConfig({}, {})
  const forSeconds = 30
  const allowed = (perSecond: number, burst: number) => burst + perSecond * forSeconds
  expect(allowed(limits.visitorPerSecond, limits.visitorBurst)).toBeGreaterThanOrEqual(5 * forSeconds)
  expect(allowed(limits.ipPerSecond, limits.ipBurst)).toBeGreaterThanOrEqual(100 * 5 * forSeconds)
  expect(allowed(limits.sitePerSecond, limits.siteBurst)).toBeGreaterThanOrEqual(100 * 5 * forSeconds)
})

test('variables that look like ours and set nothing are found', () => {
  const env = { KONTUAR_PROT: '1', KONTUAR_PORT: '1', KONTUAR_PORT_FILE: '/x', KONTUAR_LIMITS_IP_BURST: '1', PORT: '1' }
  expect(unknownVariables(env)).toEqual(['KONTUAR_PROT'])
})

test('the README names every setting in its three spellings, and its default', async () => {
  const readme = sections(await Bun.file(join(import.meta.dir, '../../README.md')).text())
  const [rows = []] = tables(readme.find(({ heading }) => heading === 'Configuration')?.body ?? '')
  const shown = rows.map((row) => ['flag', 'variable', 'kontuar.toml'].map((column) => quoted(row[column] ?? '')[0]))
  const spelled = Object.keys(settings).map((name) => {
    const key = name.replaceAll('-', '_')
    return [`--${name}`, `KONTUAR_${key.toUpperCase()}`, name === 'data' ? undefined : key]
  })
  expect(shown).toEqual(spelled)
  for (const [at, { kind, fallback }] of Object.values(settings).entries()) {
    const [written] = quoted(rows[at]?.default ?? '')
    if (kind === 'value') expect([spelled[at]?.[0], written ?? '']).toEqual([spelled[at]?.[0], fallback])
  }
})
