import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, stat } from 'node:fs/promises'
import { basename, join, posix } from 'node:path'
import { execForm, healthCommand, type Stage, type Step } from './dockerfile.ts'
import { type Finished, run, until } from './program.ts'
import { withOwnMounts } from './rights.ts'

/** What a Dockerfile makes, as far as a folder can hold it. */
export type Image = {
  root: string
  env: Record<string, string>
  user: string
  workdir: string
  volumes: string[]
  entrypoint: string[]
  cmd: string[]
  healthcheck: string[]
  /** What the RUN lines wrote to standard error. */
  noise: string
}

type Building = { context: string; mounts: string[]; roots: Map<string, string> }

const programs = ['bin', 'sbin', 'lib', 'lib64', 'usr'].map((one) => `/${one}:/${one}`)
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const script = (name: string): string[] => ['/bin/sh', join(import.meta.dir, name)]
const system = { env: { PATH: path } }

/**
 * Executes the stages in order, each in a folder of its own within `folder` that holds what COPY puts there and nothing
 * else. A `node:` image is this machine's programs, read-only; a `debian:` image is Debian's required packages. RUN has no
 * network. `lent` are folders of this machine by where the build sees them, read-only. Gives back the last stage.
 */
export async function buildImage(
  stages: Stage[],
  { context, folder, lent }: { context: string; folder: string; lent: Record<string, string> },
): Promise<Image> {
  const roots = new Map<string, string>()
  let image: Image | null = null
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, `${index}`)
    const base = stage.image.startsWith('node:') ? 'programs' : 'debian'
    const laid = await run([...script('image-root.sh'), base, root], [], system)
    if (laid.code !== 0) throw new Error(`no root for ${stage.image}: ${laid.stderr}`)
    const lendings = Object.entries(lent).map(([to, from]) => `${from}:${to}`)
    const mounts = base === 'programs' ? [...programs.filter((pair) => isFolder(pair)), ...lendings] : []
    image = { root, env: { PATH: path }, user: 'root', workdir: '/', noise: '', ...empty() }
    for (const step of stage.steps) await execute(step, image, { context, mounts, roots })
    if (stage.name) roots.set(stage.name, root)
  }
  if (!image) throw new Error('a Dockerfile begins with FROM')
  return image
}

const empty = () => ({ volumes: [], entrypoint: [], cmd: [], healthcheck: [] })

// Where /bin is a link into /usr, it was copied as one.
const isFolder = (pair: string): boolean => existsSync(join(pair.split(':')[0] ?? '', '.')) && !linked.has(pair)
const linked = new Set(
  programs.filter((pair) => Bun.spawnSync(['/usr/bin/test', '-L', pair.split(':')[0] ?? '']).success),
)

async function execute(step: Step, image: Image, building: Building): Promise<void> {
  const words = execForm(step.text)
  switch (step.keyword) {
    case 'COPY':
      return await copy(step, image, building)
    case 'RUN':
      return await runLine(step, image, building)
    case 'WORKDIR':
      image.workdir = posix.resolve(image.workdir, step.text)
      await mkdir(join(image.root, image.workdir), { recursive: true })
      return
    case 'ENV':
      Object.assign(image.env, step.variables)
      return
    case 'USER':
      image.user = step.text
      return
    case 'VOLUME':
      image.volumes.push(...(words ?? step.words))
      return
    case 'ENTRYPOINT':
      image.entrypoint = words ?? []
      return
    case 'CMD':
      image.cmd = words ?? []
      return
    case 'HEALTHCHECK':
      image.healthcheck = healthCommand(step) ?? []
      return
    case 'EXPOSE':
    case 'LABEL':
      return
    default:
      throw new Error(`line ${step.line}: ${step.keyword} is not known here`)
  }
}

async function copy({ flags, words, line }: Step, image: Image, { context, roots }: Building): Promise<void> {
  const from = flags['from'] === undefined ? context : roots.get(flags['from'])
  const to = words.at(-1) ?? ''
  const target = join(image.root, posix.resolve(image.workdir, to))
  const intoFolder = words.length > 2 || to.endsWith('/')
  if (!from) throw new Error(`line ${line}: there is no stage ${flags['from']}`)
  for (const source of words.slice(0, -1)) {
    const path = join(from, source)
    const isFile = (await stat(path)).isFile()
    await cp(path, isFile && intoFolder ? join(target, basename(source)) : target, { recursive: true })
  }
}

async function runLine({ text, line }: Step, image: Image, { mounts }: Building): Promise<void> {
  const command = [
    ...script('image-run.sh'),
    image.root,
    mounts.join(' '),
    '',
    ...asked(image, ['/bin/sh', '-c', text]),
  ]
  const { code, stdout, stderr } = await run([...withOwnMounts, '--net', ...command], [], system)
  if (code !== 0) throw new Error(`line ${line}: RUN ended with ${code}\n${stdout}\n${stderr}`)
  image.noise += stderr
}

/** A command as the image has it run: its variables and none other, its folder, its user. */
const asked = ({ env, workdir, user }: Image, command: string[]): string[] => [
  ...(user === 'root' ? [] : confined(user)),
  ...['/usr/bin/env', '--ignore-environment', `--chdir=${workdir}`],
  ...['HOME=/root', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...command],
]

const confined = (user: string): string[] => [
  ...['/usr/bin/setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--no-new-privs'],
  ...['--bounding-set=-all', '--inh-caps=-all'],
]

export type Container = AsyncDisposable & {
  /** The process that the image's command became, by its number here. */
  pid: number
  /** Runs one more command in there, as the image's user. */
  exec(command: string[]): Promise<Finished>
  /** Sends SIGTERM to that process alone, and waits for the end. */
  stop(): Promise<Finished>
}

/**
 * Runs the image's command as process 1 of namespaces of its own: no network but its loopback, no capability, and all
 * but the volumes read-only (`docker run --read-only --cap-drop ALL --security-opt no-new-privileges`).
 */
export async function startContainer(image: Image): Promise<Container> {
  const namespaces = ['--net', '--pid', '--ipc', '--uts', '--fork', '--kill-child']
  const given = [image.root, '', image.volumes.join(' ')]
  const command = asked(image, [...image.entrypoint, ...image.cmd])
  const child = Bun.spawn([...withOwnMounts, ...namespaces, ...script('image-run.sh'), ...given, ...command], {
    ...{ stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
    ...system,
  })
  const ended = Promise.all([child.exited, new Response(child.stdout).text(), new Response(child.stderr).text()])
  const finished = ended.then(([code, stdout, stderr]) => ({ code, stdout, stderr }))
  const name = basename(image.entrypoint[0] ?? '')
  const pid = await until(async () => {
    if (child.exitCode !== null) throw new Error(`did not start: ${(await finished).stderr}`)
    const first = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim()
    if (first === '') return null
    return (await readFile(`/proc/${first}/comm`, 'utf8')).trim() === name ? Number(first) : null
  })
  const enter = ['/usr/bin/nsenter', '-t', `${pid}`, '-m', '-n', '-p', '-i', '-u', '-r', '-w']
  return {
    pid,
    exec: (more) => run([...enter, ...asked(image, more)], [], system),
    async stop() {
      process.kill(pid, 'SIGTERM')
      return await finished
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}
