import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { executable } from './executable.ts'
import { type Finished, freshFolder, run, until } from './program.ts'
import { withOwnMounts } from './rights.ts'

export type Machine = AsyncDisposable & {
  /** Runs lines of shell as root on that machine. */
  shell(script: string): Promise<Finished>
  /** Its file at this path, as seen from here. */
  file(path: string): string
}

/**
 * A machine of its own with a real systemd: its processes, mounts and users, on this machine's network. The executable
 * and the unit lie where the unit expects them, with `dropIn` added to the unit; nothing of ours is started.
 */
export async function bootSystemd(unit: string, dropIn: string): Promise<Machine> {
  const folder = await freshFolder()
  await writeFile(join(folder.path, 'drop-in'), dropIn)
  const script = join(import.meta.dir, 'boot-systemd.sh')
  const root = join(folder.path, 'root')
  const boot = [...withOwnMounts, '/bin/sh', script]
  const child = Bun.spawn([...boot, root, await executable(), unit, join(folder.path, 'drop-in')], {
    stdio: ['ignore', 'ignore', Bun.file(join(folder.path, 'stderr'))],
    env: {},
  })
  const end = async () => {
    child.kill('SIGKILL')
    await child.exited
    await until(async () => (await run(boot, ['--clean', root])).code === 0 || null)
    await folder[Symbol.asyncDispose]()
  }
  try {
    const pid = await firstProcess(child, () => readFile(join(folder.path, 'stderr'), 'utf8'))
    const enter = ['/usr/bin/nsenter', '-t', pid, '-a', '-r', '-w', '/bin/sh', '-ec']
    const env = { PATH: '/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' }
    const shell = (text: string) => run(enter, [text], { env })
    await until(async () => (await shell('systemctl is-active multi-user.target')).code === 0 || null)
    return { shell, file: (path) => join(`/proc/${pid}/root`, path), [Symbol.asyncDispose]: end }
  } catch (error) {
    await end()
    throw error
  }
}

/** The process that is systemd, by its number here. */
function firstProcess(child: Bun.Subprocess, stderr: () => Promise<string>): Promise<string> {
  return until(async () => {
    if (child.exitCode !== null) throw new Error(`systemd was not booted: ${await stderr()}`)
    const first = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim()
    if (first === '') return null
    return (await readFile(`/proc/${first}/comm`, 'utf8')).trim() === 'systemd' ? first : null
  })
}
