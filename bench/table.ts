/** The one table that `npm run bench` prints. */
import { type Bound, type Figure, type Pair, type Round, type Scene } from './scene.ts'
import { median } from './support/stats.ts'

/** What came of a scene: its rounds, or why there are none. */
export type Played = { scene: Scene; rounds: Round[]; failure?: string }

const head = ['figure', 'ours', 'compared with', 'ratio', 'its spread', 'to reach']

export function tableOf(played: Played[]): string {
  const rows = played.flatMap((one) => rowsOf(one))
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(head), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')
}

function rowsOf({ scene, rounds, failure }: Played): string[][] {
  return Object.entries(scene.figures).map(([key, figure]) => {
    const pairs = rounds.map((round) => round.pairs[key]).filter((pair) => pair !== undefined)
    return pairs.length > 0
      ? rowOf(figure, pairs)
      : [figure.name, `not measured: ${failure ?? 'no round'}`, '', '', '', bound(figure)]
  })
}

/** The ratio is taken within each round: what slows a whole round down slows both sides of it. */
export function rowOf(figure: Figure, pairs: Pair[]): string[] {
  const ours = pairs.map((pair) => pair.ours)
  const others = pairs.flatMap(({ other }) => (other === undefined ? [] : [other]))
  const ratios = pairs.flatMap((pair) => (pair.other === undefined ? [] : [pair.ours / pair.other]))
  return [
    figure.name,
    shown(ours, figure.unit),
    others.length === 0 ? '' : `${figure.against ?? ''} ${shown(others, figure.unit)}`,
    ratios.length === 0 ? '' : median(ratios).toFixed(2),
    ratios.length === 0 ? '' : `${Math.min(...ratios).toFixed(2)}..${Math.max(...ratios).toFixed(2)}`,
    verdict(figure, ours, ratios),
  ]
}

function shown(all: number[], unit: string): string {
  const digits = median(all) >= 100 ? 0 : median(all) >= 10 ? 1 : 2
  const text = (value: number): string => value.toFixed(digits)
  return `${text(median(all))} ${unit} (${text(Math.min(...all))}..${text(Math.max(...all))})`
}

function verdict(figure: Figure, ours: number[], ratios: number[]): string {
  const measured = figure.value === undefined ? median(ratios) : median(ours)
  const wanted = figure.value ?? figure.ratio
  if (wanted === undefined) return ''
  return `${bound(figure)} ${reaches(wanted, measured) ? 'reached' : 'MISSED'}`
}

function bound({ value, ratio, unit }: Figure): string {
  const wanted = value ?? ratio
  if (wanted === undefined) return ''
  const text = 'atLeast' in wanted ? `>= ${wanted.atLeast}` : `<= ${wanted.atMost}`
  return value === undefined ? text : `${text} ${unit}`
}

/** NaN reaches nothing. */
const reaches = (wanted: Bound, measured: number): boolean =>
  'atLeast' in wanted ? measured >= wanted.atLeast : measured <= wanted.atMost
