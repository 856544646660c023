import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { buildAssets } from './assets.ts'
import { writeBill } from './bill-of-materials.ts'

const root = join(import.meta.dir, '../..')
const dist = join(root, 'dist')

// Many rented servers have a CPU without AVX2: for x64 the baseline runtime. All of them come from the npm registry.
const targets = {
  'linux-x64': 'bun-linux-x64-baseline',
  'linux-arm64': 'bun-linux-arm64',
  'linux-x64-musl': 'bun-linux-x64-musl-baseline',
  'darwin-arm64': 'bun-darwin-arm64',
  'windows-x64': 'bun-windows-x64-baseline',
} as const

export type Target = keyof typeof targets

/** The targets that `--target` names; none without it, which stands for this machine. Throws at any other flag. */
export function targetsOf(args: string[]): Target[] {
  if (args.length === 0) return []
  const names = Object.keys(targets) as Target[]
  const [flag, name = ''] = args
  const known = names.filter((one) => name === 'all' || one === name)
  if (flag !== '--target' || args.length !== 2 || known.length === 0) {
    throw new Error(`npm run build -- --target ${[...names, 'all'].join('|')}`)
  }
  return known
}

/**
 * Builds `kontuar` for this machine, or `kontuar-<target>` for each target, and beside them the bill of materials
 * and `SHA256SUMS` of all that was made (`sha256sum -c SHA256SUMS`). Gives back the paths of the executables.
 */
export async function buildRelease(folder: string, wanted: Target[]): Promise<string[]> {
  const executables: string[] = []
  if (wanted.length === 0) executables.push(await buildExecutable(join(folder, 'kontuar')))
  for (const target of wanted) {
    executables.push(await buildExecutable(join(folder, `kontuar-${target}${extensionOf(target)}`), target))
  }
  const bill = join(folder, 'kontuar.cdx.json')
  await writeBill(bill)
  await writeSums(folder, [...executables, bill])
  return executables
}

/**
 * Makes one executable with the browser files and the migrations inside: the same bytes wherever the sources lie. The
 * Worker's script is an entry point of its own, or the executable does not find it.
 */
export async function buildExecutable(outfile: string, target?: Target): Promise<string> {
  await mkdir(dist, { recursive: true })
  // The paths of the sources go into the executable, as seen from here: so always from the same depth under the root.
  const inside = await mkdtemp(join(dist, '.build-'))
  try {
    await buildAssets(join(inside, 'public/build'))
    await cp(join(root, 'migrations'), join(inside, 'migrations'), { recursive: true })
    const made = await compile(inside, target)
    await mkdir(dirname(outfile), { recursive: true })
    await rename(made, outfile).catch(() => cp(made, outfile))
  } finally {
    await rm(inside, { recursive: true })
  }
  return outfile
}

/** How every executable is compiled, ours and what it is measured against. */
export const compileFlags = ['--compile', '--minify', '--bytecode', '--format=esm']

async function compile(inside: string, target?: Target): Promise<string> {
  const outfile = join(inside, `made/kontuar${extensionOf(target)}`)
  const command = [
    ...[process.execPath, 'build', join(root, 'src/main.ts'), join(root, 'src/worker.ts')],
    // In parts, so that a start does not read what it does not run: a tenth of its time, and 3 MB.
    ...[...compileFlags, '--splitting', '--sourcemap', '--root', join(root, 'src')],
    // Else it is taken from the environment of the build.
    ...['--define', 'process.env.NODE_ENV="production"'],
    ...['--asset', 'public', '--asset', 'migrations'],
    // What lies about in the folder where it is started must not change what it does.
    ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
    ...(target ? ['--target', targets[target]] : []),
    ...['--outfile', outfile],
  ]
  const { exited } = Bun.spawn(command, { cwd: inside, stdout: 'ignore', stderr: 'inherit' })
  if ((await exited) !== 0) throw new Error(`the executable could not be built${target ? ` for ${target}` : ''}`)
  return outfile
}

const extensionOf = (target?: Target) => (target?.startsWith('windows') ? '.exe' : '')

async function writeSums(folder: string, paths: string[]): Promise<void> {
  const lines = await Promise.all(paths.map(async (path) => `${await sha256(path)}  ${basename(path)}\n`))
  await Bun.write(join(folder, 'SHA256SUMS'), lines.join(''))
}

async function sha256(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher('sha256')
  for await (const chunk of Bun.file(path).stream()) hasher.update(chunk)
  return hasher.digest('hex')
}

if (import.meta.main) {
  try {
    for (const path of await buildRelease(dist, targetsOf(process.argv.slice(2)))) {
      console.log(`${path}  ${(Bun.file(path).size / 1_000_000).toFixed(1)} MB`)
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  }
}
