import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildAssets } from './assets.ts'

const root = join(import.meta.dir, '../..')

/**
 * Makes one executable with the browser files and the migrations inside. The Worker's script is an entry point of its
 * own, or the executable does not find it.
 */
export async function buildExecutable(outfile: string): Promise<void> {
  const inside = await mkdtemp(join(tmpdir(), 'kontuar-build-'))
  try {
    await buildAssets(join(inside, 'public/build'))
    await cp(join(root, 'migrations'), join(inside, 'migrations'), { recursive: true })
    await mkdir(dirname(outfile), { recursive: true })
    await compile(outfile, inside)
  } finally {
    await rm(inside, { recursive: true })
  }
}

async function compile(outfile: string, inside: string): Promise<void> {
  const command = [
    ...[process.execPath, 'build', join(root, 'src/main.ts'), join(root, 'src/worker.ts')],
    ...['--compile', '--minify', '--bytecode', '--format=esm', '--sourcemap', '--root', join(root, 'src')],
    ...['--asset', 'public', '--asset', 'migrations'],
    // What lies about in the folder where it is started must not change what it does.
    ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
    ...['--outfile', outfile],
  ]
  const { exited } = Bun.spawn(command, { cwd: inside, stdout: 'ignore', stderr: 'inherit' })
  if ((await exited) !== 0) throw new Error('the executable could not be built')
}

if (import.meta.main) {
  const outfile = join(root, 'dist/kontuar')
  await buildExecutable(outfile)
  console.log(outfile)
}
