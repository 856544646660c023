/**
 * `npm run bench`: plays the scenes and prints one table; bench/README.md says how to read it. Options:
 *   --only NAME,NAME    these scenes alone
 *   --rounds N          rounds of most scenes (3)
 *   --quick             short durations: to see that all works, not to quote
 *   --patience SECONDS  to wait in all for a machine on which nobody else works (120)
 *   --json FILE         every single result
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { CannotMeasure, type Round, type Run, type Scene, type Size } from './scene.ts'
import { scenes } from './scenes.ts'
import { mostByOthers, untilCalm } from './support/calm.ts'
import { type Played, tableOf } from './table.ts'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: { only: text, rounds: text, quick: { type: 'boolean' }, json: text, patience: text },
})
const size: Size = values.quick ? 'quick' : 'full'
const wanted = Math.min(20, Math.max(1, Number(values.rounds ?? (size === 'full' ? 3 : 1))))
const patientUntil = performance.now() + 1_000 * Math.min(7_200, Number(values.patience ?? (size === 'full' ? 120 : 5)))
const patient = (): boolean => performance.now() < patientUntil

function chosen(): Scene[] {
  const names = values.only?.split(',')
  const unknown = names?.find((name) => !scenes.some((scene) => scene.name === name))
  if (unknown !== undefined)
    throw new Error(`no scene ${unknown}; there are ${scenes.map(({ name }) => name).join(', ')}`)
  return scenes.filter(({ name }) => names?.includes(name) ?? true)
}

async function play(scene: Scene): Promise<Played> {
  const rounds: Round[] = []
  const most = scene.rounds?.(wanted, size) ?? wanted
  const note = (said: string): void => void process.stderr.write(`${scene.name}: ${said}\n`)
  const run: Run = { of: (sizes) => sizes[size], calm: () => untilCalm(patient), note }
  try {
    for await (const round of scene.play(run)) {
      // A round in which others worked hard is measured again, as long as there is patience for it.
      if (round.othersCpuShare <= mostByOthers || !patient()) rounds.push(round)
      note(`${rounds.length} of ${most} rounds`)
      if (rounds.length >= most) break
    }
    return { scene, rounds }
  } catch (error) {
    // One scene that fails does not take the figures of the others with it.
    if (!(error instanceof CannotMeasure)) process.exitCode = 1
    const failure = error instanceof Error ? error.message : String(error)
    note(`ended: ${failure}`)
    return { scene, rounds, failure }
  }
}

function troublesOf({ scene, rounds, failure }: Played): string[] {
  const ended = failure === undefined || rounds.length === 0 ? [] : [`ended early: ${failure}`]
  const inRounds = rounds.flatMap(({ othersCpuShare, troubles }) => [
    ...troubles,
    ...(othersCpuShare > mostByOthers ? [`others used ${othersCpuShare} cores meanwhile`] : []),
  ])
  return [...ended, ...inRounds].map((trouble) => `${scene.name}: ${trouble}`)
}

const played: Played[] = []
for (const scene of chosen()) played.push(await play(scene))
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, Bun ${Bun.version}`
const how = `median (min..max) of interleaved rounds${size === 'full' ? '' : '; QUICK, not to be quoted'}`
process.stdout.write(`${machine}; ${how}\n\n${tableOf(played)}\n`)
for (const trouble of played.flatMap(troublesOf)) process.stdout.write(`! ${trouble}\n`)
if (values.json !== undefined) {
  const results = played.map(({ scene, ...rest }) => ({ scene: scene.name, ...rest }))
  await Bun.write(values.json, JSON.stringify(results, undefined, 2))
}
