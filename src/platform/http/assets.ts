import { Elysia } from 'elysia'
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

/** A built file as an answer, gzipped for those who take it. For files that live under a fixed name, as `/widget.js`. */
export const assetResponse = (logical: string, request: Request, cacheControl: string): Response =>
  answer(find(logical), request, cacheControl)

function answer({ file, zipped }: Asset, request: Request, cacheControl: string): Response {
  const zip = zipped !== null && /\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')
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
}

/**
 * Serves the built files. Their names carry a hash of the content, so that a browser may keep them for ever. Any
 * origin may load them: the loader of a shop's page does.
 */
export function assets() {
  const byName = new Map([...all().values()].map((one) => [one.path, one]))
  return new Elysia({ name: 'assets' }).get('/assets/*', ({ request, params, set }) => {
    const found = byName.get(`/assets/${params['*']}`)
    if (found) {
      const response = answer(found, request, 'public, max-age=31536000, immutable')
      response.headers.set('access-control-allow-origin', '*')
      response.headers.set('cross-origin-resource-policy', 'cross-origin')
      return response
    }
    set.status = 404
    return ''
  })
}
