import { expect, test } from 'bun:test'
import { resolve } from 'node:path'
import { peekStore } from '../../src/cli/peek-store.ts'

const url = 'postgres://kontuar@localhost/shop'

test.each([
  [['serve', '--database-url', url], url],
  [['serve', `--database-url=${url}`, '--demo'], url],
  [['user', 'list', '--database-url', 'postgres://localhost/other', '--database-url', url], url],
  [['serve', '--data', '/tmp'], null],
  [['serve', '--database-url'], null],
  [[], null],
])('%j keeps everything in %p', (args, expected) => {
  expect(peekStore(args, {}).databaseUrl).toBe(expected)
})

test('the data folder is where kontuar.toml is looked for', () => {
  expect(peekStore(['serve', '--data', 'shop'], {}).data).toBe(resolve('shop'))
})

test('a wrong value is left for the command to refuse', () => {
  expect(peekStore(['serve', '--database-url', 'nonsense'], {}).databaseUrl).toBeNull()
})
