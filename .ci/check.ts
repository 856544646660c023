import { Glob } from 'bun'

// What `npm test` runs. .ci/run counts the lines "check NAME: passed", "check NAME: failed" and those of bun test.
const bin = (name: string) => `node_modules/.bin/${name}`
const started = performance.now()
const failures: string[] = []

type Check = { name: string; command: string[]; limitMinutes: number }

const sourceChecks: Check[] = [
  { name: 'types', command: [bin('tsc'), '-p', '.'], limitMinutes: 3 },
  { name: 'lint', command: [bin('oxlint'), '--type-aware', '--deny-warnings', '.'], limitMinutes: 3 },
  { name: 'format', command: [bin('biome'), 'format', '.'], limitMinutes: 1 },
  { name: 'dead code', command: [bin('knip')], limitMinutes: 2 },
]

for (const check of sourceChecks) {
  const code = await run(check)
  console.log(`check ${check.name}: ${code === 0 ? 'passed' : 'failed'}`)
  if (code !== 0) failures.push(check.name)
}

const all = [...new Glob('tests/**/*.test.{ts,tsx}').scanSync('.')].toSorted()
const inFolder = (folder: string) => all.filter((path) => path.startsWith(`tests/${folder}/`))
// Apart from the rest: a browser and a crash run each load the machine, and a run that hangs is ended on its own.
const suites = [
  { name: 'tests', files: all.filter((path) => !/^tests\/(crash|browser)\//.test(path)), limitMinutes: 9 },
  { name: 'crash tests', files: inFolder('crash'), limitMinutes: 8 },
  { name: 'browser tests', files: inFolder('browser'), limitMinutes: 10 },
]

for (const { name, files, limitMinutes } of suites) {
  if (files.length === 0) continue
  console.log(`\n== ${name}`)
  const code = await run({
    name,
    command: [process.execPath, 'test', '--timeout', '30000', ...files.map((path) => `./${path}`)],
    limitMinutes,
  })
  if (code === 0) continue
  failures.push(name)
  // bun test counts failed tests itself; a run that was ended or fell over printed no count.
  if (code !== 1) console.log(`check ${name} ran to the end: failed`)
}

const seconds = Math.round((performance.now() - started) / 1000)
console.log(
  failures.length === 0 ? `\nAll good after ${seconds} s.` : `\nFailed: ${failures.join(', ')} (${seconds} s).`,
)
process.exit(failures.length === 0 ? 0 : 1)

async function run({ name, command, limitMinutes }: Check): Promise<number> {
  const child = Bun.spawn(command, { stdio: ['ignore', 'inherit', 'inherit'] })
  const timer = setTimeout(() => {
    console.log(`${name}: ended after ${limitMinutes} minutes`)
    child.kill('SIGKILL')
  }, limitMinutes * 60_000)
  const forward = () => child.kill('SIGTERM')
  process.on('SIGTERM', forward)
  const code = await child.exited
  process.off('SIGTERM', forward)
  clearTimeout(timer)
  return child.signalCode === null ? code : 128
}
