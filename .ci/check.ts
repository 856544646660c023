import { Glob, type Subprocess } from 'bun'
import { chmodSync, mkdtempSync, openSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isOfContract, missingCalls, readCalls, sourcesWithStoreCalls } from '../tests/contract/complete.ts'
import { buildExecutable } from '../src/build/executable.ts'
import { type Postgres, startPostgres } from '../tests/support/postgres.ts'

// What `npm test` runs; `npm test contract` runs the suites alone that have this word in their names. .ci/run counts the
// lines "check NAME: passed", "check NAME: failed" and those of bun test.
const bin = (name: string) => `node_modules/.bin/${name}`
const started = performance.now()
const failures: string[] = []
const scratch = mkdtempSync(join(inMemory() ?? tmpdir(), 'kontuar-check-'))
// What the tests write is gone with them: databases, browsers' profiles, whole PostgreSQL servers.
process.env.TMPDIR = scratch
// PostgreSQL runs as a user of its own.
chmodSync(scratch, 0o755)
const wanted = process.argv[2] ?? ''

type Check = { name: string; command: string[]; limitMinutes: number; env?: Record<string, string> }

const running = new Set<Subprocess>()
let postgres: Postgres | null = null

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    for (const child of running) child.kill('SIGTERM')
    void end(130)
  })

const sourceChecks: Check[] = [
  { name: 'types', command: [bin('tsc'), '-p', '.'], limitMinutes: 3 },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings', '.'], limitMinutes: 3 },
  { name: 'format', command: [bin('biome'), 'format', '.'], limitMinutes: 1 },
  { name: 'dead code', command: [bin('knip')], limitMinutes: 2 },
]
if (wanted === '') for (const check of sourceChecks) report(check.name, (await run(check)) === 0)

// What tests of programs call, built once for all of them.
process.env.TESTED_EXECUTABLE = await buildExecutable(join(import.meta.dir, '../dist/tested/kontuar'))

const all = [...new Glob('tests/**/*.test.{ts,tsx}').scanSync('.')].toSorted()
const inFolder = (folder: string) => all.filter((path) => path.startsWith(`tests/${folder}/`))
const isApart = (path: string) => isOfContract(path) || /^tests\/(crash|browser)\//.test(path)

// Three lanes side by side, since each waits for something now and then; never more than two of browsers, which take a core
// each. What goes aside says all it has to say when it is through. A run that hangs is ended on its own.
const rest = all.filter((path) => !isApart(path))
const ofPrograms = (path: string) => /^tests\/(bench|cli|db)\//.test(path)
const aside = wanted === ''
const browsers = browserSuites(inFolder('browser'))
const lowered = Bun.which('nice') === null ? [] : ['nice', '-n', '10']
await Promise.all([
  (async () => {
    await suite(
      { name: 'tests', limitMinutes: 12 },
      rest.filter((path) => !ofPrograms(path)),
    )
    // It says how long a start may take: the others give way to it.
    await suite({ name: 'crash tests', limitMinutes: 8, aside, first: true }, inFolder('crash'))
    await browserLane()
  })(),
  (async () => {
    await suite({ name: 'tests of programs', limitMinutes: 12, aside }, rest.filter(ofPrograms))
    // What was asked for by hand has the machine, and the terminal, to itself.
    if (aside) await browserLane()
  })(),
  'contract tests'.includes(wanted) ? contract(all.filter(isOfContract)) : null,
])
await end(failures.length === 0 ? 0 : 1)

type Suite = Omit<Check, 'command'> & { preload?: string; aside?: boolean; first?: boolean }

async function suite({ preload, first = false, ...check }: Suite, files: string[]): Promise<void> {
  if (files.length === 0 || !check.name.includes(wanted)) return
  if (!check.aside) console.log(`\n== ${check.name}`)
  const flags = ['--timeout', '30000', ...(preload ? ['--preload', preload] : [])]
  const code = await run({
    ...check,
    command: [...(first ? [] : lowered), process.execPath, 'test', ...flags, ...files.map((path) => `./${path}`)],
  })
  if (code === 0) return
  failures.push(check.name)
  // bun test counts failed tests itself; a run that was ended or fell over printed no count.
  if (code !== 1) console.log(`check ${check.name} ran to the end: failed`)
}

/** What runs in browsers, in parts: whichever lane is free takes the next. */
function browserSuites(files: string[]): { check: Suite; files: string[] }[] {
  return Array.from({ length: 8 }, (_, part) => ({
    check: { name: `browser tests ${part + 1} of 8`, limitMinutes: 8, aside },
    files: files.filter((_, place) => place % 8 === part),
  }))
}

async function browserLane(): Promise<void> {
  for (let next = browsers.shift(); next; next = browsers.shift()) await suite(next.check, next.files)
}

/** The same tests on either store; then, whether they reach all that reads or writes it. */
async function contract(files: string[]): Promise<void> {
  const calls = { SQLite: join(scratch, 'sqlite-calls'), PostgreSQL: join(scratch, 'postgres-calls') }
  const preload = './tests/contract/record.ts'
  const rest = { limitMinutes: 17, preload, aside }
  await suite({ name: 'contract tests on SQLite', env: { STORE_CALLS: calls.SQLite }, ...rest }, files)
  try {
    postgres = await startPostgres()
  } catch (error) {
    console.log(String(error))
    return report('PostgreSQL starts', false)
  }
  const env = { STORE_CALLS: calls.PostgreSQL, DATABASE_URL: postgres.url }
  await suite({ name: 'contract tests on PostgreSQL', env, ...rest }, files)
  await postgres.stop()
  postgres = null
  const missing = missingCalls(await sourcesWithStoreCalls(), {
    SQLite: await readCalls(calls.SQLite),
    PostgreSQL: await readCalls(calls.PostgreSQL),
  })
  for (const call of missing) console.log(`no contract test reaches ${call}`)
  report('contract complete', missing.length === 0)
}

/** A folder in memory where there is plenty of it: many disks take ten times as long for all the small files. */
function inMemory(): string | null {
  const folder = '/dev/shm'
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize > 4 * 1024 ** 3 ? folder : null
  } catch {
    return null
  }
}

function report(name: string, passed: boolean): void {
  console.log(`check ${name}: ${passed ? 'passed' : 'failed'}`)
  if (!passed) failures.push(name)
}

async function run({
  name,
  command,
  limitMinutes,
  env = {},
  aside = false,
}: Check & { aside?: boolean }): Promise<number> {
  // Which store a suite is for is said here and nowhere else.
  const { DATABASE_URL: _, ...inherited } = process.env
  const output = aside ? Bun.file(join(scratch, `${name}.log`)) : null
  // Both streams of one file, in the order in which they were written.
  const fd = output ? openSync(output.name ?? '', 'a') : 'inherit'
  const child = Bun.spawn(command, { stdio: ['ignore', fd, fd], env: { ...inherited, ...env } })
  running.add(child)
  const timer = setTimeout(() => {
    console.log(`${name}: ended after ${limitMinutes} minutes`)
    child.kill('SIGKILL')
  }, limitMinutes * 60_000)
  const code = await child.exited
  clearTimeout(timer)
  running.delete(child)
  if (output) console.log(`\n== ${name}\n${await output.text()}`)
  return child.signalCode === null ? code : 128
}

async function end(code: number): Promise<void> {
  await postgres?.stop()
  rmSync(scratch, { recursive: true, force: true })
  const seconds = Math.round((performance.now() - started) / 1000)
  if (code === 0) console.log(`\nAll good after ${seconds} s.`)
  else console.log(`\nFailed: ${code === 130 ? 'interrupted' : failures.join(', ')} (${seconds} s).`)
  process.exit(code)
}
