import { expect, test } from 'bun:test'
import { catalogues } from '../src/catalogues/catalogues.ts'
import { eventNames } from '../src/browser/widget/commands.ts'
import { codeOf, details, examples, literal } from '../views/widget/api-examples.ts'

// The document, the types, the page of live examples and the code name the same commands and events.
const types = await Bun.file('public/kontuar.d.ts').text()
const docs = await Bun.file('docs/widget.md').text()
const all = ['open', 'close', 'toggle', 'show', 'hide', 'setAttributes', 'page', 'send', 'on', 'off', 'shutdown']

const named = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].flatMap(([, names = '']) => names.match(/\w+/g) ?? []))].toSorted()

const after = (prefix: string) =>
  Object.keys(catalogues.en.api)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .toSorted()

test('the commands are the same everywhere', () => {
  expect(named(types, /\(command: ([^,)]+)/g)).toEqual(all.toSorted())
  expect(named(docs, /kontuar\('(\w+)'/g)).toEqual(all.toSorted())
  expect([...Object.keys(examples), 'on', 'off'].toSorted()).toEqual(all.toSorted())
  expect(after('command.')).toEqual(all.toSorted())
})

test('the events are the same everywhere', () => {
  const events = eventNames.toSorted()
  const [, declared = ''] = /interface KontuarEvents \{([^]*?)\n\}/.exec(types) ?? []
  expect(named(declared, /^ {2}(\w+): /gm)).toEqual(events)
  const [, listed = ''] = /\| event \| told \|([^]*)/.exec(docs) ?? []
  expect(named(listed, /^\| ((?:`\w+`(?:, )?)+) \|/gm)).toEqual(events)
  expect(Object.keys(details).toSorted()).toEqual(events)
  expect(after('event.')).toEqual(events)
})

test('the examples are shown as one writes them', () => {
  expect(codeOf(examples.setAttributes)).toBe(
    "kontuar('setAttributes', { name: 'Marina', email: 'marina@example.org', orders: 12, club: true })",
  )
  expect(literal({ a: [], b: null, text: "it's \\ and\nmore" })).toBe(
    "{ a: {}, b: null, text: 'it\\'s \\\\ and\\nmore' }",
  )
})

test('every call in the document is one that the types allow', async () => {
  const calls = [...docs.matchAll(/`(kontuar\([^`]+\))`/g)].map(([, call]) => call)
  expect(calls.length).toBeGreaterThan(10)
  const file = `tests/.docs-${process.pid}.ts`
  await Bun.write(
    file,
    `/// <reference path="../public/kontuar.d.ts" />\ndeclare const listener: (detail: object) => void\n${calls.join('\n')}\n`,
  )
  try {
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'ESNext',
      '--lib',
      'ESNext,DOM',
      '--types',
      '',
      '--ignoreConfig',
    ]
    const check = Bun.spawnSync(['node_modules/.bin/tsc', ...options, file])
    expect(check.stdout.toString()).toBe('')
    expect(check.exitCode).toBe(0)
  } finally {
    await Bun.file(file).delete()
  }
}, 60_000)
