import { afterEach, beforeEach, expect, test } from 'bun:test'
import { log, requestId, setUpLog } from '../../src/platform/lib/log.ts'

let lines: string[] = []

beforeEach(() => {
  lines = []
  setUpLog({ level: 'debug', human: false, print: (line) => lines.push(line) })
})
afterEach(() => setUpLog({ level: 'error', print: (line) => void process.stderr.write(`${line}\n`) }))

const written = () => JSON.parse(lines[0] ?? '') as Record<string, unknown>

test('a line is JSON with time, level, message and fields', () => {
  log.warn('the disk is nearly full', { freeBytes: 12 })
  expect(written()).toMatchObject({ level: 'warn', message: 'the disk is nearly full', freeBytes: 12 })
  expect(Date.parse(String(written().at))).toBeGreaterThan(0)
})

test('a person gets a line to read', () => {
  setUpLog({ human: true })
  log.warn('the disk is nearly full', { freeBytes: 12 })
  expect(Bun.stripANSI(lines[0] ?? '')).toMatch(/^\d\d:\d\d:\d\d warn {2}the disk is nearly full freeBytes=12$/)
})

test('what is below the level is not written', () => {
  setUpLog({ level: 'warn' })
  log.info('nothing')
  expect(lines).toEqual([])
})

test('bodies, tokens and query strings stay out, however deep they lie', () => {
  log.info('a request', {
    url: 'http://host/setup?token=abc',
    visitorToken: 'abc',
    password: 'abc',
    frame: { type: 'send', body: 'abc', nested: [{ cookie: 'abc' }] },
  })
  expect(lines[0]).not.toContain('abc')
  expect(written()).toMatchObject({ url: 'http://host/setup', visitorToken: '[hidden]' })
})

test('an error of the ORM, whose message holds what a visitor wrote, is named by its cause alone', () => {
  const cause = Object.assign(new Error('UNIQUE constraint failed: messages.client_id'), { code: 'SQLITE_CONSTRAINT' })
  const error = Object.assign(new Error('Failed query: insert into messages\nparams: my card is 4111', { cause }), {
    query: 'insert into messages',
    params: ['my card is 4111'],
  })
  log.error('a write failed', { error })
  expect(lines[0]).not.toContain('4111')
  expect(written().error).toMatchObject({ code: 'SQLITE_CONSTRAINT', message: cause.message })
  const alone = Object.assign(new Error('Failed query, params: my card is 4111'), { params: [] })
  log.error('a write failed', { error: alone })
  expect(lines[1]).not.toContain('4111')
})

test('a request keeps the id under which it was logged', () => {
  const request = new Request('http://host/')
  expect(requestId(request)).toMatch(/^[\w-]{12}$/)
  expect(requestId(request)).toBe(requestId(request))
  expect(requestId(new Request('http://host/'))).not.toBe(requestId(request))
})
