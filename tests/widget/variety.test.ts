import { expect, test } from 'bun:test'
import { varietyOf } from '../../src/browser/variety.ts'

test('hours are written as the reader’s own country writes them', () => {
  expect(varietyOf('en', ['ru-RU', 'en-GB', 'en-US'])).toBe('en-GB')
  expect(varietyOf('fr', ['fr'])).toBe('fr')
})

test('a language that only begins alike is another one', () => {
  expect(varietyOf('en', ['enm', 'pl-PL'])).toBe('en')
})
