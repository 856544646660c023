import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { lentAs, lentNames } from '../browser/widget/lent-names.ts'
import { type Locale, locales } from '../catalogues/locales.ts'
import { buildFolder, forgetAssets, type Manifest } from '../platform/http/assets.ts'

const root = join(import.meta.dir, '../..')
const publicFolder = dirname(buildFolder)

type Script = { name: string; entry: string; format: 'esm' | 'iife'; borrowsPreact?: boolean }

/** The scripts that browsers get. An `iife` is for a classic script tag; the others are modules. */
export const scripts: Script[] = [
  { name: 'widget.js', entry: 'src/browser/widget/loader.ts', format: 'iife' },
  { name: 'host.js', entry: 'src/browser/widget/host.ts', format: 'esm' },
  { name: 'frame.js', entry: 'src/browser/widget/frame.tsx', format: 'esm' },
  { name: 'forms.js', entry: 'src/browser/widget/forms.ts', format: 'esm', borrowsPreact: true },
  ...locales.map((locale) => chunk('words', locale)),
  ...locales.map((locale) => chunk('emoji', locale)),
  { name: 'conversation.js', entry: 'src/browser/widget/conversation-page.ts', format: 'esm' },
  { name: 'api.js', entry: 'src/browser/api/examples.ts', format: 'esm' },
  { name: 'console.js', entry: 'src/browser/console/console.ts', format: 'esm' },
  { name: 'template-panel.js', entry: 'src/browser/console/template-panel.ts', format: 'esm' },
  { name: 'settings.js', entry: 'src/browser/console/settings.ts', format: 'esm' },
  { name: 'preview.js', entry: 'src/browser/console/preview.tsx', format: 'esm' },
  { name: 'sw.js', entry: 'src/browser/console/service-worker.ts', format: 'iife' },
]

/** A part of the frame that comes by itself, one for each language. */
function chunk(part: 'words' | 'emoji', locale: Locale): Script {
  return { name: `${part}-${locale}.js`, entry: `src/browser/widget/${part}/${locale}.ts`, format: 'esm' }
}

type Built = { name: string; content: Uint8Array }

/**
 * Bundles the browser scripts and the style sheets, copies the rest of `public/`, and names all of them by their
 * content in `folder`, with `manifest.json` to find them by. Old files stay: another server may serve them.
 */
export async function buildAssets(folder: string = buildFolder): Promise<void> {
  const built = await Promise.all([
    ...scripts.filter(({ entry }) => existsSync(join(root, entry))).map(bundleScript),
    ...(await sources()).map((path) => (path.endsWith('.css') ? bundleStyle(path) : copy(path))),
  ])
  await mkdir(folder, { recursive: true })
  const entries = await Promise.all(built.map(async (one) => [one.name, await keep(folder, one)] as const))
  const manifest: Manifest = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
  await put(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  forgetAssets()
}

async function sources(): Promise<string[]> {
  if (!existsSync(publicFolder)) return []
  const found = await readdir(publicFolder, { recursive: true, withFileTypes: true })
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(`${buildFolder}/`))
}

const bundleScript = async ({ name, entry, format, borrowsPreact = false }: Script): Promise<Built> => ({
  name,
  content: await bundle(join(root, entry), { format, target: 'browser', plugins: borrowsPreact ? [borrowing] : [] }),
})

/** A part that comes later takes Preact from the script that is there: two would not know of each other's state. */
const borrowing: Bun.BunPlugin = {
  name: 'borrow-preact',
  setup(build) {
    build.onResolve({ filter: /^preact(\/|$)/ }, () => ({ path: 'preact', namespace: 'lent' }))
    build.onLoad({ filter: /./, namespace: 'lent' }, () => ({ contents: borrowed, loader: 'js' }))
  },
}

const borrowed = `export const { ${lentNames.join(', ')} } = globalThis.${lentAs}`

const bundleStyle = async (path: string): Promise<Built> => ({
  name: path.slice(publicFolder.length + 1),
  content: await bundle(path, { external: ['/*'] }),
})

const copy = async (path: string): Promise<Built> => ({
  name: path.slice(publicFolder.length + 1),
  content: await Bun.file(path).bytes(),
})

async function bundle(entry: string, options: Partial<Bun.BuildConfig>): Promise<Uint8Array> {
  const { outputs } = await Bun.build({
    ...options,
    entrypoints: [entry],
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    throw: true,
  })
  const [output] = outputs
  if (!output) throw new Error(`nothing was built of ${entry}`)
  return new Uint8Array(await output.arrayBuffer())
}

const compressible = new Set(['.js', '.css', '.svg', '.webmanifest'])

async function keep(folder: string, { name, content }: Built): Promise<Manifest[string]> {
  const hash = new Bun.CryptoHasher('sha256').update(content).digest('hex').slice(0, 12)
  const extension = extname(name)
  const hashed = `${name.slice(0, -extension.length).replaceAll('/', '-')}-${hash}${extension}`
  const zipped = compressible.has(extension)
  await put(join(folder, hashed), content)
  if (zipped)
    await put(join(folder, `${hashed}.gz`), Bun.gzipSync(new Uint8Array(content), { level: 12, library: 'libdeflate' }))
  return { name: hashed, zipped }
}

/** Written aside and renamed: a server that starts meanwhile never reads half a file. */
async function put(path: string, content: string | Uint8Array): Promise<void> {
  const aside = join(dirname(path), `.${basename(path)}.${process.pid}.${Bun.nanoseconds()}`)
  await writeFile(aside, content)
  await rename(aside, path)
}

if (import.meta.main) await buildAssets()
