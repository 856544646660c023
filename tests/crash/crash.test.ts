import { expect, test } from 'bun:test'
import type { NemesisName } from './nemeses.ts'
import { forget, inOneLine, runCrash } from './suite.ts'

const troubles: NemesisName[] = [
  'kill',
  'before-commit',
  'blackhole',
  'after-commit',
  'reset',
  'before-ack',
  'kill',
  'trickle',
  'slow-fsync',
  'disk-full',
  'kill',
  'terminate',
  'kill-while-stopping',
  'before-ack',
  'half-close',
  'before-commit',
  'stop-and-continue',
  'start-on-full-disk',
  'after-commit',
  'kill',
]

test('through kills, full disks and broken networks no message is lost, doubled or reordered', async () => {
  const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000)
  const run = await runCrash({ seed, nemeses: troubles })
  console.log(inOneLine(run))
  if (run.violations.length > 0) console.log(`seed ${seed}, kept in ${run.folder}`)
  expect(run.violations).toEqual([])
  expect(run.figures.kills).toBeGreaterThanOrEqual(10)
  expect(run.figures.acknowledged).toBeGreaterThan(100)
  expect(run.figures.reopenings).toBeGreaterThan(0)
  expect(run.figures.switches).toBeGreaterThan(0)
  forget(run)
}, 120_000)
