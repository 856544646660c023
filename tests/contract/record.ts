import { plugin } from 'bun'
import { appendFileSync } from 'node:fs'
import { relative } from 'node:path'
import { marked } from './store-calls.ts'

declare global {
  var storeCalled: <T>(place: string, through: T) => T
}

// Loaded before the contract's tests (bun test --preload): writes down which calls of the store they reach.
const file = process.env.STORE_CALLS
if (file === undefined) throw new Error('STORE_CALLS must name the file to write to')

const reached = new Set<string>()

globalThis.storeCalled = (place, through) => {
  if (!reached.has(place)) appendFileSync(file, `${place}\n`)
  reached.add(place)
  return through
}

plugin({
  name: 'store calls',
  setup(build) {
    build.onLoad({ filter: /\/src\/(features|platform\/jobs)\/.*\.tsx?$/ }, async ({ path }) => ({
      contents: marked(relative('.', path), await Bun.file(path).text()),
      loader: path.endsWith('x') ? 'tsx' : 'ts',
    }))
  },
})
