import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { type Flags, type FlagTable, UsageError } from './cli/flags.ts'
import { isLogLevel, type LogLevel } from './platform/lib/log.ts'

/**
 * Floods stop here, people do not: somebody who writes five messages a second for half a minute, and an office of a
 * hundred such people behind one address, stay under every number. Rates are tokens a second, bursts what may come at
 * once. `sessionsPerMinute` and `socketsPerIp` are counted for each IP address (IPv6: each /64).
 */
const defaultLimits = {
  visitorPerSecond: 5,
  visitorBurst: 200,
  ipPerSecond: 600,
  ipBurst: 10_000,
  sitePerSecond: 2_000,
  siteBurst: 20_000,
  sessionsPerMinute: 600,
  socketsPerIp: 2_000,
}

export type Limits = Readonly<typeof defaultLimits>

export type Config = Readonly<{
  host: string
  /** 0 lets the system choose. */
  port: number
  /** The data folder, absolute. */
  data: string
  /** `postgres://…` when everything is kept there; null for the file in the data folder. */
  databaseUrl: string | null
  /** The origin people reach us at, as `https://chat.example.com`, when it is not what the request says. */
  publicUrl: string | null
  /** Addresses and CIDR ranges whose X-Forwarded-* headers count; `loopback` is 127.0.0.0/8 and ::1. */
  trustedProxies: readonly string[]
  /** Certificate and key as PEM text, checked to belong together. */
  tls: Readonly<{ cert: string; key: string }> | null
  demo: boolean
  noLimits: boolean
  insecureHttp: boolean
  logLevel: LogLevel
  limits: Limits
}>

type Setting = { kind: 'value' | 'switch'; fallback: string; placeholder?: string; help: string }

/** Every setting by its flag; the variable is KONTUAR_ + capitals, the key in kontuar.toml has underscores. */
export const settings = {
  host: { kind: 'value', fallback: '127.0.0.1', placeholder: 'ADDRESS', help: 'address to listen on' },
  port: { kind: 'value', fallback: '3000', placeholder: 'PORT', help: 'port to listen on; 0 takes a free one' },
  data: { kind: 'value', fallback: './data', placeholder: 'FOLDER', help: 'the data folder' },
  'database-url': {
    kind: 'value',
    fallback: '',
    placeholder: 'URL',
    help: 'keep everything in PostgreSQL: postgres://user@host/database (also DATABASE_URL)',
  },
  'public-url': { kind: 'value', fallback: '', placeholder: 'URL', help: 'where people reach Kontuar from outside' },
  'trusted-proxies': {
    kind: 'value',
    fallback: 'loopback',
    placeholder: 'LIST',
    help: 'addresses and CIDR ranges of reverse proxies, with commas; "none" trusts nobody',
  },
  'tls-cert': { kind: 'value', fallback: '', placeholder: 'FILE', help: 'certificate (PEM), to serve https itself' },
  'tls-key': { kind: 'value', fallback: '', placeholder: 'FILE', help: 'its private key (PEM)' },
  demo: { kind: 'switch', fallback: 'false', help: 'serve a demo shop at /demo' },
  'no-limits': { kind: 'switch', fallback: 'false', help: 'no flood limits, for load tests' },
  'insecure-http': { kind: 'switch', fallback: 'false', help: 'allow sign-in over plain http from elsewhere' },
  'log-level': { kind: 'value', fallback: 'info', placeholder: 'LEVEL', help: 'debug, info, warn or error' },
} as const satisfies Record<string, Setting>

type Name = keyof typeof settings
export type Env = Record<string, string | undefined>
/** A value and how the person who set it knows it, for the line that says it is wrong. */
export type Given = { value: string; from: string }

const names = Object.keys(settings) as Name[]

/** The flags of `serve`. */
export const settingFlags: FlagTable = Object.fromEntries(names.map((name) => [name, settings[name].kind]))

/**
 * Reads the configuration: flags beat the environment (`KONTUAR_PORT`, or `KONTUAR_PORT_FILE` with the path of a file
 * that holds the value) beats `kontuar.toml` in the data folder beats the defaults.
 * Throws UsageError with one line on anything unknown or out of range.
 */
export function readConfig(flags: Flags, env: Env = process.env): Config {
  const { data, databaseUrl } = readStore(flags, env)
  const file = readToml(join(data, 'kontuar.toml'))
  const given = (name: Name) =>
    fromFlag(flags, name) ?? fromEnv(env, `KONTUAR_${shout(name)}`) ?? file.settings[name] ?? byDefault(name)
  return freeze({
    host: host(given('host')),
    port: whole(given('port'), 0, 65_535),
    data,
    databaseUrl,
    publicUrl: origin(given('public-url')),
    trustedProxies: ranges(given('trusted-proxies')),
    tls: tls(given('tls-cert'), given('tls-key')),
    demo: flag(given('demo')),
    noLimits: flag(given('no-limits')),
    insecureHttp: flag(given('insecure-http')),
    logLevel: logLevel(given('log-level')),
    limits: readLimits(env, file.limits),
  })
}

/** Where everything is kept. */
export type StorePlace = Pick<Config, 'data' | 'databaseUrl'>

/** The flags of a command that works on the store. */
export const storeFlags = { data: 'value', 'database-url': 'value' } as const satisfies FlagTable

/** Where everything is kept, for commands that need nothing else. `DATABASE_URL` is heard too, as every host sets it. */
export function readStore(flags: Flags, env: Env = process.env): StorePlace {
  const data = folder(fromFlag(flags, 'data') ?? fromEnv(env, 'KONTUAR_DATA') ?? byDefault('data'))
  const name = 'database-url'
  const given =
    fromFlag(flags, name) ??
    fromEnv(env, `KONTUAR_${shout(name)}`) ??
    fromEnv(env, 'DATABASE_URL') ??
    readToml(join(data, 'kontuar.toml')).settings[name] ??
    byDefault(name)
  return { data, databaseUrl: databaseUrl(given) }
}

/** Variables that look like ours and set nothing: a mistyped name would else go unnoticed. */
export function unknownVariables(env: Env = process.env): string[] {
  const known = [
    ...names.map((name) => `KONTUAR_${shout(name)}`),
    ...Object.keys(defaultLimits).map((name) => `KONTUAR_LIMITS_${shout(name)}`),
  ]
  const ours = Object.keys(env).filter((name) => name.startsWith('KONTUAR_'))
  return ours.filter((name) => !known.includes(name.replace(/_FILE$/, '')))
}

const shout = (name: string) => name.replace(/[A-Z]/g, '_$&').replaceAll('-', '_').toUpperCase()
const snake = (name: string) => shout(name).toLowerCase()

function fromFlag(flags: Flags, name: Name): Given | undefined {
  const value = flags[name]
  return value === undefined ? undefined : { value: `${value}`, from: `--${name}` }
}

function fromEnv(env: Env, variable: string): Given | undefined {
  const value = env[variable]
  if (value !== undefined && value !== '') return { value, from: variable }
  const path = env[`${variable}_FILE`]
  if (path === undefined || path === '') return undefined
  return { value: readText(path, `${variable}_FILE`).trim(), from: `${variable}_FILE` }
}

const byDefault = (name: Name): Given => ({ value: settings[name].fallback, from: `--${name}` })

/** What stands in a file that a setting or flag names. Throws UsageError when it cannot be read. */
export function readText(path: string, from: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${from}: cannot read ${path} (${reason(error)})`)
  }
}

const reason = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'unexpected error'

type Toml = { settings: Partial<Record<Name, Given>>; limits: Record<string, Given> }

function readToml(path: string): Toml {
  const { limits = {}, ...rest } = parseToml(path)
  const known = new Map(names.filter((name) => name !== 'data').map((name) => [snake(name), name]))
  const read: Toml = { settings: {}, limits: {} }
  for (const [key, value] of Object.entries(rest)) {
    const name = known.get(key)
    if (key === 'data') throw new UsageError(`${path}: data cannot be set in the folder that it names`)
    if (name === undefined) throw new UsageError(`${path}: unknown key ${key}`)
    read.settings[name] = { value: tomlValue(path, key, value), from: `${path}: ${key}` }
  }
  if (typeof limits !== 'object' || limits === null) throw new UsageError(`${path}: limits must be a table`)
  const limitKeys = Object.keys(defaultLimits).map(snake)
  for (const [key, value] of Object.entries(limits)) {
    if (!limitKeys.includes(key)) throw new UsageError(`${path}: unknown key limits.${key}`)
    read.limits[key] = { value: tomlValue(path, `limits.${key}`, value), from: `${path}: limits.${key}` }
  }
  return read
}

function parseToml(path: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (reason(error) === 'ENOENT' || reason(error) === 'ENOTDIR') return {}
    throw new UsageError(`cannot read ${path} (${reason(error)})`)
  }
  try {
    return Bun.TOML.parse(text) as Record<string, unknown>
  } catch (error) {
    throw new UsageError(`${path} is not TOML: ${error instanceof Error ? error.message.split('\n')[0] : ''}`)
  }
}

function tomlValue(path: string, key: string, value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',')
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return `${value}`
  throw new UsageError(`${path}: ${key} has a value of the wrong type`)
}

function wrong({ value, from }: Given, expected: string): never {
  throw new UsageError(`${from} must be ${expected}, not "${value}"`)
}

function folder(given: Given): string {
  if (given.value.includes('\0')) wrong(given, 'a folder')
  return resolve(given.value)
}

function host(given: Given): string {
  const bare = given.value.replace(/^\[(.*)\]$/, '$1')
  if (isIP(bare) === 0 && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(bare)) wrong(given, 'an address or a host name')
  return bare
}

function whole(given: Given, min: number, max: number): number {
  const number = /^\d+$/.test(given.value) ? Number(given.value) : Number.NaN
  if (!(number >= min && number <= max)) wrong(given, `a whole number from ${min} to ${max}`)
  return number
}

function flag(given: Given): boolean {
  if (/^(1|true|yes|on)$/i.test(given.value)) return true
  if (/^(0|false|no|off)$/i.test(given.value)) return false
  return wrong(given, 'true or false')
}

function origin(given: Given): string | null {
  if (given.value === '') return null
  const url = URL.canParse(given.value) ? new URL(given.value) : wrong(given, 'a URL such as https://chat.example.com')
  if (!/^https?:$/.test(url.protocol)) wrong(given, 'an http or https URL')
  if (url.pathname !== '/' || url.search || url.hash || url.username) wrong(given, 'a URL without a path')
  return url.origin
}

/** The address of a database; null for an empty value. It may hold a password: what is wrong is said without it. */
export function databaseUrl({ value, from }: Given): string | null {
  if (value === '') return null
  const url = URL.canParse(value) ? new URL(value) : null
  const shaped = url && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== '' && url.pathname.length > 1
  if (!shaped) throw new UsageError(`${from} must be a URL such as postgres://user:password@host:5432/kontuar`)
  return value
}

function ranges(given: Given): string[] {
  if (given.value === 'none') return []
  const list = given.value.split(',').map((entry) => entry.trim())
  return list.every(isRange) ? list : wrong(given, 'addresses or CIDR ranges separated by commas')
}

function isRange(entry: string): boolean {
  if (entry === 'loopback') return true
  const [address = '', bits, ...more] = entry.split('/')
  const family = isIP(address)
  if (family === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

function tls(certFile: Given, keyFile: Given): Config['tls'] {
  if (certFile.value === '' && keyFile.value === '') return null
  if (certFile.value === '' || keyFile.value === '') throw new UsageError('--tls-cert and --tls-key go together')
  const cert = readText(certFile.value, certFile.from)
  const key = readText(keyFile.value, keyFile.from)
  try {
    createSecureContext({ cert, key })
  } catch {
    throw new UsageError(`${certFile.value} and ${keyFile.value} are not a certificate and its key (PEM)`)
  }
  return { cert, key }
}

function logLevel(given: Given): LogLevel {
  return isLogLevel(given.value) ? given.value : wrong(given, 'debug, info, warn or error')
}

function readLimits(env: Env, file: Record<string, Given>): Limits {
  const limits = { ...defaultLimits }
  for (const name of Object.keys(defaultLimits) as (keyof Limits)[]) {
    const given = fromEnv(env, `KONTUAR_LIMITS_${shout(name)}`) ?? file[snake(name)]
    if (given) limits[name] = whole(given, 1, 1_000_000_000)
  }
  return limits
}

function freeze(config: Config): Config {
  for (const part of Object.values(config)) Object.freeze(part)
  return Object.freeze(config)
}
