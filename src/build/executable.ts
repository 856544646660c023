import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { buildFolder } from '../platform/http/assets.ts'
import { buildAssets } from './assets.ts'

const root = join(import.meta.dir, '../..')

/**
 * Makes one executable with the browser files and the migrations inside. The Worker's script is an entry point of its
 * own, or the executable does not find it.
 */
export async function buildExecutable(outfile: string): Promise<void> {
  await rm(buildFolder, { recursive: true, force: true })
  await buildAssets()
  await mkdir(join(outfile, '..'), { recursive: true })
  const command = [
    process.execPath,
    'build',
    'src/main.ts',
    'src/worker.ts',
    ...['--compile', '--minify', '--bytecode', '--format=esm', '--sourcemap'],
    ...['--asset', 'public', '--asset', 'migrations'],
    // What lies about in the folder where it is started must not change what it does.
    ...['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'],
    ...['--outfile', outfile],
  ]
  const { exited } = Bun.spawn(command, { cwd: root, stdout: 'ignore', stderr: 'inherit' })
  if ((await exited) !== 0) throw new Error('the executable could not be built')
}

if (import.meta.main) {
  const outfile = join(root, 'dist/kontuar')
  await buildExecutable(outfile)
  console.log(outfile)
}
