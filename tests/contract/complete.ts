import { Glob } from 'bun'
import { existsSync, readFileSync } from 'node:fs'
import { storeCalls } from './store-calls.ts'

/** Whether a file of tests runs on either store: all of this folder, and what tests a feature, or the outbox, on a store. */
export function isOfContract(path: string): boolean {
  const [, folder = ''] = path.split('/')
  if (folder === 'contract' || path === 'tests/platform/outbox.test.ts') return true
  return existsSync(`src/features/${folder}`) && /\bopen(House|FreshStore)\b/.test(readFileSync(path, 'utf8'))
}

export type Source = { path: string; text: string }

/** Every source that has queries and writes of its own. */
export async function sourcesWithStoreCalls(): Promise<Source[]> {
  const paths = ['src/features', 'src/platform/jobs'].flatMap((folder) =>
    [...new Glob('**/*.{ts,tsx}').scanSync(folder)].map((name) => `${folder}/${name}`),
  )
  return Promise.all(paths.toSorted().map(async (path) => ({ path, text: await Bun.file(path).text() })))
}

/** The calls that record.ts has written down; none when nothing was. */
export async function readCalls(file: string): Promise<Set<string>> {
  return new Set(existsSync(file) ? (await Bun.file(file).text()).split('\n') : [])
}

/** The calls of the store that were not reached, each with the stores on which it was not: `place: call (stores)`. */
export function missingCalls(sources: Source[], reached: Record<string, Set<string>>): string[] {
  return sources
    .flatMap(({ path, text }) => storeCalls(path, text))
    .flatMap(({ place, shown }) => {
      const stores = Object.keys(reached).filter((store) => !reached[store]?.has(place))
      return stores.length === 0 ? [] : [`${place}: ${shown} (${stores.join(', ')})`]
    })
}
