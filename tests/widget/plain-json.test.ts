import { expect, test } from 'bun:test'
import { readJson, writeJson } from '../../src/browser/widget/plain-json.ts'

const values: unknown[] = [
  null,
  true,
  false,
  0,
  -1.5,
  1e21,
  '',
  'plain',
  'quotes " and \\ and \n\r\t\b\f \u0000 \u007f \u2028',
  'Ключевая 19 л 💧',
  '\ud800 alone',
  [],
  [1, [2, [3]], 'x'],
  {},
  { a: { b: [null, { c: 'd' }] }, '': 1, 'ключ "': 2, toString: 'own', constructor: null },
  { clientId: 'id-1', order: 1, body: 'Hello', at: 5, page: { url: 'https://shop.test/?a=1', title: 'Shop' } },
]

test.each(values.map((value) => [value]))('%j is the same after writing and reading', (value) => {
  const text = writeJson(value)
  expect(readJson(text)).toEqual(value as never)
  expect(JSON.parse(text)).toEqual(value)
  expect(readJson(JSON.stringify(value))).toEqual(value as never)
  expect(readJson(JSON.stringify(value, null, 2))).toEqual(value as never)
})

test('what is undefined is left out, and what is no number is null', () => {
  expect(writeJson({ a: undefined, b: Number.NaN, c: [undefined] })).toBe('{"b":null,"c":[null]}')
})

test('`__proto__` is a name like any other', () => {
  const read = readJson('{"__proto__":{"polluted":true}}') as object
  expect(Object.keys(read)).toEqual(['__proto__'])
  expect((read as { polluted?: boolean }).polluted).toBeUndefined()
})

test.each([
  '',
  ' ',
  '{',
  '[',
  '[1',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '[1 2]',
  'nul',
  '"',
  '"a',
  '{a:1}',
  '1 2',
  '[]]',
  ':',
])('what is no JSON is refused: %p', (text) => {
  expect(() => readJson(text)).toThrow()
})

test('neither asks the page’s JSON, nor a toJSON that a library has put on everything', () => {
  const { parse, stringify } = JSON
  const arrays = Array.prototype as { toJSON?: unknown }
  const texts = String.prototype as { toJSON?: unknown }
  try {
    JSON.parse = JSON.stringify = () => {
      throw new Error('patched')
    }
    arrays.toJSON = texts.toJSON = () => 'patched'
    expect(readJson(writeJson({ a: ['b'] }))).toEqual({ a: ['b'] })
  } finally {
    Object.assign(JSON, { parse, stringify })
    delete arrays.toJSON
    delete texts.toJSON
  }
})
