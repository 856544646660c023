import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type ChatForm, checkChat, hostOf, maxGreeting } from '../../src/features/sites/index.ts'

const form = (change: Partial<ChatForm> = {}, copies: Partial<ChatForm['copies']> = {}): ChatForm => ({
  chatEnabled: true,
  audience: 'anyone',
  greeting: 'Hello',
  greetingPicture: '',
  ...change,
  copies: {
    on: true,
    addresses: ['a@b.example'],
    digestMinutes: null,
    withAnswers: true,
    withFeedback: false,
    ...copies,
  },
})
const errorsOf = (...given: Parameters<typeof form>) => checkChat(form(...given)).errors

test('what can be kept is kept as it was meant', () => {
  const { settings, errors } = checkChat(form({ greeting: 'line\r\nline' }, { digestMinutes: ' 15 ' }))
  expect(errors).toEqual({})
  expect(settings).toEqual({
    chatEnabled: true,
    audience: 'anyone',
    greeting: 'line\nline',
    greetingPicture: null,
    copies: { on: true, addresses: ['a@b.example'], digestMinutes: 15, withAnswers: true, withFeedback: false },
  })
})

describe('addresses', () => {
  test.each([
    ['office', 'no_at'],
    ['office@voda', 'no_dot'],
    ['office@voda.', 'no_dot'],
    ['a@b@c.example', 'invalid'],
    ['a\r\nBcc: x@y.example', 'invalid'],
    ['<a@b.example>', 'invalid'],
  ] as const)('%j is said to be wrong: %s', (address, fault) => {
    expect(errorsOf({}, { addresses: ['a@b.example', address] })).toEqual({ address: [{ address, fault }] })
  })

  test('one that is given twice is kept once', () => {
    const { settings } = checkChat(form({}, { addresses: ['A@b.example', 'a@B.example', 'c@d.example'] }))
    expect(settings.copies.addresses).toEqual(['a@B.example', 'c@d.example'])
  })

  test('at least one where copies are on, and not too many', () => {
    expect(errorsOf({}, { addresses: [] })).toEqual({ addresses: 'missing' })
    expect(errorsOf({}, { on: false, addresses: [] })).toEqual({})
    const many = Array.from({ length: 21 }, (_, n) => `a${n}@b.example`)
    expect(errorsOf({}, { addresses: many })).toEqual({ addresses: 'too_many' })
  })
})

test.each(['0', '1441', '-1', '1.5', 'x', '', '1e3', undefined, 5])('%j minutes are none', (digestMinutes) => {
  expect(errorsOf({}, { digestMinutes })).toEqual({ digestMinutes: 'range' })
})

test('a greeting fits or is said not to, and is never cut', () => {
  expect(errorsOf({ greeting: 'x'.repeat(maxGreeting) })).toEqual({})
  const { settings, errors } = checkChat(form({ greeting: 'x'.repeat(maxGreeting + 1) }))
  expect([errors, settings.greeting?.length]).toEqual([{ greeting: 'text_too_long' }, maxGreeting + 1])
  expect(errorsOf({ greeting: 'a\0b' })).toEqual({ greeting: 'text_invalid' })
  expect(checkChat(form({ greeting: ' \n ' })).settings.greeting).toBeNull()
})

test('whatever is sent, the answer is settings or what is wrong with them', () => {
  const anything = fc.anything()
  const copies = fc.record({
    on: anything,
    addresses: anything,
    digestMinutes: anything,
    withAnswers: anything,
    withFeedback: anything,
  })
  const sent = fc.record({
    chatEnabled: anything,
    audience: anything,
    greeting: anything,
    greetingPicture: anything,
    copies,
  })
  fc.assert(
    fc.property(sent, (given) => {
      const { settings } = checkChat(given as ChatForm)
      expect(typeof settings.chatEnabled).toBe('boolean')
      expect(['anyone', 'registered']).toContain(settings.audience)
      expect(Array.isArray(settings.copies.addresses)).toBe(true)
    }),
  )
})

describe('domains', () => {
  test.each([
    ['shop.example', 'shop.example'],
    [' https://Shop.example/cart?x=1 ', 'shop.example'],
    ['*.Shop.example', '*.shop.example'],
    ['вода.example', 'xn--80adg3b.example'],
    ['localhost:8080', 'localhost'],
    ['192.0.2.1', '192.0.2.1'],
  ])('%j is %s', (text, host) => {
    expect(hostOf(text)).toBe(host)
  })

  test.each(['', '*', '*.*', 'a b', "';--", 'user@shop.example', 'javascript:alert(1)', '<b>', 'a..b', 7, null])(
    '%j is none',
    (text) => {
      expect(hostOf(text)).toBeNull()
    },
  )
})
