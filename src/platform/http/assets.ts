import { staticPlugin } from '@elysiajs/static'
import { Elysia, NotFoundError } from 'elysia'
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { CannotStart } from '../lib/cannot-start.ts'

type Asset = { path: string; file: string; zipped: string | null }

// In the executable the built files are inside it, and import.meta.dir is the root of what is.
const publicFolder = Bun.isStandaloneExecutable
  ? join(import.meta.dir, 'public')
  : join(import.meta.dir, '../../../public')

export const buildFolder = join(publicFolder, 'build')

/** What the build made of a file: its hashed name, and whether a gzipped copy lies beside it. */
export type Manifest = Record<string, { name: string; zipped: boolean }>

let known: Map<string, Asset> | undefined

function all(): Map<string, Asset> {
  known ??= new Map(
    Object.entries(readManifest()).map(([logical, { name, zipped }]) => {
      const file = join(buildFolder, name)
      return [logical, { path: `/assets/${name}`, file, zipped: zipped ? `${file}.gz` : null }]
    }),
  )
  return known
}

function readManifest(): Manifest {
  try {
    return JSON.parse(readFileSync(join(buildFolder, 'manifest.json'), 'utf8')) as Manifest
  } catch {
    throw new CannotStart('The browser files are not built: run "npm start", or "bun src/build/assets.ts" once.')
  }
}

/** Forgets what was read of the last build, so that the next one is seen. */
export function forgetAssets(): void {
  known = undefined
}

function find(logical: string): Asset {
  const found = all().get(logical)
  if (!found) throw new Error(`no such asset: ${logical}`)
  return found
}

/** The address of a built file: `asset('console.js')` is `/assets/console-k3j2h1.js`. Throws on a name that was not built. */
export const asset = (logical: string): string => find(logical).path

/** What stands in a built file of text, for what is served under a fixed name with something added, as `/widget.js`. */
export const assetText = (logical: string): Promise<string> => Bun.file(find(logical).file).text()

function answer({ file, zipped }: Asset, request: Request, cacheControl: string): Response {
  const zip = zipped !== null && takesGzip(request)
  return new Response(Bun.file(zip ? zipped : file), {
    headers: {
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'cache-control': cacheControl,
      'x-content-type-options': 'nosniff',
      ...(zipped === null ? {} : { vary: 'accept-encoding' }),
      ...(zip ? { 'content-encoding': 'gzip' } : {}),
    },
  })
}

/** Whether who asks would take it gzipped. */
export const takesGzip = (request: Request): boolean => /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')

const types: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.mp3': 'audio/mpeg',
  '.webmanifest': 'application/manifest+json',
  '.ts': 'text/plain; charset=utf-8',
}

// Names carry a hash of the content, so a browser may keep them for ever. Any origin may load them: a shop's page does.
const forEver = 'public, max-age=31536000, immutable'
const openToAll = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
  'timing-allow-origin': '*',
}

/**
 * Serves the built files under `/assets/`: the static plugin does, unless there is a gzipped copy and the browser takes it.
 * The name that a file had in another version gets the file of this one: a loader that a browser has kept asks for the
 * script of its own version, which has gone with an upgrade.
 */
export async function assets() {
  const byPath = new Map([...all().values()].map((one) => [one.path, one]))
  const byName = new Map([...all().values()].map((one) => [withoutHash(one.path), one]))
  const files = await staticPlugin({
    assets: buildFolder,
    prefix: '/assets',
    alwaysStatic: true,
    etag: false,
    indexHTML: false,
    ignorePatterns: [/\.gz$/, /manifest\.json$/],
    headers: { 'cache-control': forEver, 'x-content-type-options': 'nosniff', vary: 'accept-encoding', ...openToAll },
  })
  return new Elysia({ name: 'assets' })
    .onBeforeHandle(({ request }) => {
      const found = byPath.get(new URL(request.url).pathname)
      return found?.zipped && takesGzip(request) ? open(answer(found, request, forEver)) : undefined
    })
    .use(files)
    .get('/assets/:name', ({ request, params }) => {
      const path = `/assets/${params.name}`
      // The listening server asks here before it asks the static plugin.
      const found = byPath.get(path)
      if (found) return open(answer(found, request, forEver))
      const other = byName.get(withoutHash(path))
      if (!other) throw new NotFoundError()
      return open(answer(other, request, 'no-cache'))
    })
}

// A name without a hash is none that was ever given out.
const withoutHash = (path: string) => path.replace(/-[0-9a-f]{12}(\.\w+)$/, '/$1')

function open(response: Response): Response {
  for (const [name, value] of Object.entries(openToAll)) response.headers.set(name, value)
  return response
}
