/**
 * `npm run bench`: our server and the bare limit, turn by turn within one run; prints one table.
 * Options: --rounds N (3), --patience SECONDS (120) to wait in all for a machine on which nobody else works,
 * --json FILE (every single result).
 */
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type Figure, type Scene, scenes } from './figures.ts'
import type { LoadResult } from './load.ts'
import { mostByOthers, untilCalm } from './support/calm.ts'
import { load, startLimit, startOurs } from './support/servers.ts'
import { median } from './support/stats.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string' }, json: { type: 'string' }, patience: { type: 'string' } },
})
const rounds = Math.min(20, Math.max(1, Number(values.rounds ?? 3)))

const patientUntil = performance.now() + 1_000 * Math.min(7_200, Number(values.patience ?? 120))
const patient = (): boolean => performance.now() < patientUntil

type Round = { scene: string; ours: LoadResult; limit: LoadResult }

const isDisturbed = ({ ours, limit }: Round): boolean =>
  Math.max(ours.othersCpuShare, limit.othersCpuShare) > mostByOthers

/** All rounds of one scene, on servers of its own: neither finds what another scene has left in the store. */
async function measure(scene: Scene): Promise<Round[]> {
  const ours = await startOurs()
  const limit = await startLimit().catch(async (error: unknown) => {
    await ours.stop()
    throw error
  })
  const results: Round[] = []
  try {
    while (results.length < rounds) {
      await untilCalm(patient)
      // Who goes first changes with every round: neither always meets the warmer machine.
      const oursFirst = results.length % 2 === 0
      const first = await load(oursFirst ? ours : limit, scene.load)
      const second = await load(oursFirst ? limit : ours, scene.load)
      const round = { scene: scene.name, ours: oursFirst ? first : second, limit: oursFirst ? second : first }
      // A round in which others worked hard is measured again, as long as there is patience for it.
      if (!isDisturbed(round) || !patient()) results.push(round)
      process.stderr.write(`${scene.name}: ${results.length} of ${rounds} rounds\n`)
    }
  } finally {
    await Promise.all([ours.stop(), limit.stop()])
  }
  return results
}

function row(figure: Figure, results: Round[]): string[] {
  const ours = results.map((result) => figure.of(result.ours))
  const limit = results.map((result) => figure.of(result.limit))
  const ratios = results.map((result) => figure.of(result.ours) / figure.of(result.limit))
  const ratio = median(ratios)
  return [
    figure.name,
    shown(ours, figure.unit),
    shown(limit, figure.unit),
    ratio.toFixed(2),
    `${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}`,
    verdict(figure.target, ratio),
  ]
}

function shown(all: number[], unit: string): string {
  const digits = median(all) >= 100 ? 0 : median(all) >= 10 ? 1 : 2
  const text = (value: number): string => value.toFixed(digits)
  return `${text(median(all))} ${unit} (${text(Math.min(...all))}..${text(Math.max(...all))})`
}

function verdict(target: Figure['target'], ratio: number): string {
  if (target === undefined) return ''
  if ('atLeast' in target) return `>= ${target.atLeast} ${ratio >= target.atLeast ? 'reached' : 'MISSED'}`
  return `<= ${target.atMost} ${ratio <= target.atMost ? 'reached' : 'MISSED'}`
}

function table(rows: string[][]): string {
  const head = ['figure', 'ours', 'bare limit', 'ratio', 'its spread', 'to reach']
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')
}

function troubles(results: Round[]): string[] {
  return results.flatMap(({ scene, ours, limit }) =>
    Object.entries({ ours, limit }).flatMap(([who, result]) => {
      const bad = result.refused + result.unanswered + result.closed
      const lost =
        bad === 0
          ? []
          : [
              `${who}, ${scene}: ${result.refused} refused, ${result.unanswered} unanswered, ${result.closed} sockets closed`,
            ]
      const full = result.mode === 'closed' && result.generatorCpuShare > 0.9
      const disturbed = result.othersCpuShare > mostByOthers
      return [
        ...lost,
        ...(full ? [`${who}, ${scene}: the load generator was the bottleneck`] : []),
        ...(disturbed ? [`${who}, ${scene}: others used ${result.othersCpuShare} cores meanwhile`] : []),
      ]
    }),
  )
}

const results: Round[] = []
for (const scene of scenes) results.push(...(await measure(scene)))
const rows = scenes.flatMap((scene) =>
  scene.figures.map((figure) =>
    row(
      figure,
      results.filter((result) => result.scene === scene.name),
    ),
  ),
)
const machine = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, Bun ${Bun.version}`
process.stdout.write(`${machine}; median (min..max) of ${rounds} interleaved rounds\n\n${table(rows)}\n`)
for (const trouble of troubles(results)) process.stdout.write(`! ${trouble}\n`)
if (values.json !== undefined) await Bun.write(values.json, JSON.stringify(results, undefined, 2))
