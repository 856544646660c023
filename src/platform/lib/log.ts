/**
 * The operator's log, on stderr so that stdout stays free for answers: human lines on a terminal, JSON lines elsewhere.
 * Messages are constant English sentences; what varies goes into fields. No message bodies, no tokens, no query strings:
 * fields whose name may hold one are hidden, and of an error only what names the fault is written.
 */
const levels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof levels)[number]
export type LogFields = Record<string, unknown>

type Settings = { level: LogLevel; human: boolean; print: (line: string) => void }

const settings: Settings = {
  level: 'info',
  human: process.stderr.isTTY === true,
  print: (line) => void process.stderr.write(`${line}\n`),
}

/** Sets the lowest level that is written and, for tests, where to and in which form. */
export function setUpLog(changed: Partial<Settings>): void {
  Object.assign(settings, changed)
}

export const isLogLevel = (value: string): value is LogLevel => levels.some((level) => level === value)

export const log = {
  debug: (message: string, fields?: LogFields): void => write('debug', message, fields),
  info: (message: string, fields?: LogFields): void => write('info', message, fields),
  warn: (message: string, fields?: LogFields): void => write('warn', message, fields),
  error: (message: string, fields?: LogFields): void => write('error', message, fields),
}

function write(level: LogLevel, message: string, fields: LogFields = {}): void {
  if (levels.indexOf(level) < levels.indexOf(settings.level)) return
  const safe = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, clean(name, value)]))
  settings.print(settings.human ? humanLine(level, message, safe) : jsonLine(level, message, safe))
}

const jsonLine = (level: LogLevel, message: string, fields: LogFields): string =>
  JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })

const colours: Record<LogLevel, string> = { debug: '90', info: '32', warn: '33', error: '31' }

function humanLine(level: LogLevel, message: string, fields: LogFields): string {
  const time = new Date().toTimeString().slice(0, 8)
  const details = Object.entries(fields).map(([name, value]) => ` ${name}=${human(value)}`)
  return `\u001b[90m${time}\u001b[0m \u001b[${colours[level]}m${level.padEnd(5)}\u001b[0m ${message}${details.join('')}`
}

const human = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const secret = /token|secret|password|cookie|authorization|body|text|params/i

function clean(name: string, value: unknown, depth = 0): unknown {
  if (value === undefined || value === null) return value
  if (secret.test(name)) return '[hidden]'
  if (value instanceof Error) return describe(value)
  if (typeof value === 'string') return withoutQuery(value)
  if (typeof value === 'bigint') return `${value}`
  if (typeof value !== 'object') return value
  if (depth > 3) return '[deep]'
  if (Array.isArray(value)) return value.map((item) => clean('', item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(key, item, depth + 1)]))
}

const withoutQuery = (value: string): string => value.replace(/\?[^\s"')]*/g, '')

/** An ORM puts the statement's values, so what people wrote, into its message: of such an error only the cause speaks. */
function describe(error: Error): LogFields {
  const told = 'params' in error && error.cause instanceof Error ? error.cause : error
  const code = 'code' in told ? { code: told.code } : {}
  const trace = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? []
  return {
    name: told.name,
    ...code,
    message: 'params' in told ? 'a query failed' : withoutQuery(told.message),
    ...(error.cause instanceof Error && told === error ? { cause: describe(error.cause) } : {}),
    at: trace.slice(0, 8).map((line) => line.trim()),
  }
}

const requestIds = new WeakMap<Request, string>()

/** The id under which a request stands in the log and, when it failed, in the answer: short enough to be read out. */
export function requestId(request: Request): string {
  let id = requestIds.get(request)
  if (id === undefined) requestIds.set(request, (id = Bun.randomUUIDv7('base64url').slice(-12)))
  return id
}
