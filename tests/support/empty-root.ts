import { copyFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Program, run } from './program.ts'
import { withOwnMounts } from './rights.ts'

/** Lays files out in the folder `root`, each given as [where it lies, where it shall lie, as seen from within]. */
export async function layOut(root: string, files: [from: string, to: string][]): Promise<void> {
  await mkdir(join(root, 'proc'), { recursive: true })
  for (const [from, to] of files) {
    await mkdir(dirname(join(root, to)), { recursive: true })
    await copyFile(from, join(root, to))
  }
}

/** A program whose file tree is `root` and nothing else, but for the kernel's /proc. */
export const within = (root: string, ...program: string[]): Program => [
  ...withOwnMounts,
  '/bin/sh',
  '-ec',
  'PATH=/usr/sbin:/usr/bin:/sbin:/bin; root=$1; shift; mount --rbind /proc "$root/proc"; exec chroot "$root" "$@"',
  ...['sh', root, ...program],
]

/** The loader and the libraries that an executable asks for, as paths on this machine. */
export async function librariesOf(path: string): Promise<string[]> {
  const { stdout } = await run(['/usr/bin/ldd'], [path], { env: { PATH: '/usr/bin:/bin' } })
  return [...stdout.matchAll(/(?:=> |^\t)(\/\S+)/gm)].map(([, found = '']) => found)
}
