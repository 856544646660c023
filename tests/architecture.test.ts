import { expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Glob } from 'bun'
import { features } from '../src/features.ts'
import { scan, type Source, violations } from './support/import-rules.ts'

const order = features.map(({ name }) => name)

const needed =
  'src views public migrations tests docs bench bunfig.toml package.json tsconfig.json README.md bun.lock LICENSE'
const hidden = '.ci .gitignore .biome.json .oxlintrc.json'

test('the top level holds what architecture.md names and nothing else', () => {
  const ignored = readFileSync('.gitignore', 'utf8')
    .split('\n')
    .map((line) => line.replaceAll('/', ''))
  const top = new Set(readdirSync('.').filter((name) => name !== '.git' && !ignored.includes(name)))
  top.delete('Dockerfile')
  expect([...top].toSorted()).toEqual(`${needed} ${hidden}`.split(' ').toSorted())
})

async function sources(): Promise<Source[]> {
  const found: Source[] = []
  for (const folder of ['src', 'views']) {
    for await (const name of new Glob('**/*.{ts,tsx}').scan(folder)) {
      const path = `${folder}/${name}`
      found.push(scan(path, await Bun.file(path).text()))
    }
  }
  return found
}

test('every import keeps to its room, and to the doors of features above it', async () => {
  const found = await sources()
  expect(found.length).toBeGreaterThan(100)
  expect(violations(found, order)).toEqual([])
})

test('every relative import leads to a file, by its full name', async () => {
  const broken = (await sources()).flatMap(({ path, imports }) =>
    imports.filter((to) => /^(src|views)\//.test(to) && !existsSync(to)).map((to) => `${path} -> ${to}`),
  )
  expect(broken).toEqual([])
})

test('the manifest names every feature once', () => {
  expect(order.toSorted()).toEqual(readdirSync('src/features').toSorted())
})

test.each([
  ['views/inbox/row.tsx', "import { db } from '../../src/platform/db/open.ts'"],
  ['views/inbox/row.tsx', "import { take } from '../../src/features/sites/index.ts'"],
  ['views/inbox/row.tsx', "import { Database } from 'bun:sqlite'"],
  ['src/platform/live/hub.ts', "import { listSites } from '../../features/sites/index.ts'"],
  ['src/platform/http/page.tsx', "import { Row } from '../../../views/console/row.tsx'"],
  ['src/platform/lib/text.ts', "import { Elysia } from '../http/../../app.ts'"],
  ['src/browser/widget/chat.ts', "import { refuse } from '../../platform/lib/refuse.ts'"],
  ['src/browser/widget/chat.ts', "import { readFileSync } from 'node:fs'"],
  ['src/catalogues/parse.ts', "import { refuse } from '../platform/lib/refuse.ts'"],
  ['src/features/messages/send.ts', "import { keepAgent } from '../agents/create-agent.ts'"],
  ['src/features/sites/index.ts', "import { listAgents } from '../agents/index.ts'"],
  ['src/features/messages/index.ts', "export { plug } from './feature.ts'"],
  ['src/features/messages/send.ts', "const { sites } = await import('../sites/schema.ts')"],
  ['src/features/sites/schema.ts', "import { agents } from '../agents/schema.ts'"],
  ['src/features/messages/send.ts', "import { Elysia } from 'elysia'"],
  ['src/platform/live/hub.ts', "import { Elysia } from 'elysia'"],
])('%s may not say: %s', (path, text) => {
  expect(violations([scan(path, `${text}; ${use(text)}`)], order)).toHaveLength(1)
})

test.each([
  ['views/inbox/row.tsx', "import type { SiteRow } from '../../src/features/sites/index.ts'"],
  ['src/platform/http/page.tsx', "import { Page } from '../../../views/ui/page.tsx'"],
  ['src/features/messages/send.ts', "import { findSite } from '../sites/index.ts'"],
  ['src/features/messages/schema.ts', "import { sites } from '../sites/schema.ts'"],
  ['src/features/messages/routes.tsx', "import { Elysia } from 'elysia'"],
  ['src/features.ts', "import { plug } from './features/messages/feature.ts'"],
])('%s may say: %s', (path, text) => {
  expect(violations([scan(path, `${text}; ${use(text)}`)], order)).toEqual([])
})

/** An import that nothing uses is dropped before it is seen: this uses it. */
const use = (text: string): string => `console.log(${/^import \{ (\w+)/.exec(text)?.[1] ?? ''})`

test('every link in the documents leads to a file', async () => {
  const broken: string[] = []
  for (const pattern of ['*.md', 'docs/**/*.md']) {
    for await (const file of new Glob(pattern).scan('.')) {
      const links = [...(await Bun.file(file).text()).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      broken.push(...links.flatMap(([, to = '']) => (existsSync(join(dirname(file), to)) ? [] : [`${file} -> ${to}`])))
    }
  }
  expect(broken).toEqual([])
})
