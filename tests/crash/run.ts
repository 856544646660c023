// The long run: npm run crash -- --minutes N [--seed S] [--postgres]
import { parseArgs } from 'node:util'
import { isForPostgres, type NemesisName, nemeses } from './nemeses.ts'
import { randomFor } from './random.ts'
import { forget, inOneLine, runCrash } from './suite.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string' },
    postgres: { type: 'boolean', default: false },
    keep: { type: 'boolean' },
  },
})
const minutes = Number(values.minutes)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
if (!(minutes > 0) || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run crash -- --minutes N [--seed S] [--postgres] [--keep]')
  process.exit(2)
}

function* untilTimeIsUp(): Iterable<NemesisName> {
  const deadline = performance.now() + minutes * 60_000
  const random = randomFor(seed, 'order of nemeses')
  const names = (Object.keys(nemeses) as NemesisName[]).filter((name) => values.postgres || !isForPostgres(name))
  while (performance.now() < deadline) yield random.pick(names)
}

console.log(`seed ${seed}, ${minutes} minutes${values.postgres ? ', PostgreSQL' : ''}`)
const run = await runCrash({
  seed,
  nemeses: untilTimeIsUp(),
  thinkMs: 80,
  postgres: values.postgres,
  diskMegabytes: Math.ceil(64 + 40 * minutes),
  say: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
})
console.log(inOneLine(run))
for (const { check, text } of run.violations.slice(0, 50)) console.log(`check ${check}: ${text}`)
if (run.violations.length > 0 || values.keep) console.log(`seed ${seed}, kept in ${run.folder}`)
else forget(run)
process.exit(run.violations.length > 0 ? 1 : 0)
