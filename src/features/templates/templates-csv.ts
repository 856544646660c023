import { foldWords } from '../../../views/ui/fold-words.ts'
import { formatPosition } from '../../../views/templates/position.ts'
import { isId } from '../../platform/lib/id.ts'
import { type Refusal, refuse } from '../../platform/lib/refuse.ts'
import { listSites, type SiteRow } from '../sites/index.ts'
import { checkTemplate, type TemplateInput, type TemplateValues } from './check-template.ts'
import { mostTemplates } from './create-template.ts'
import { readCells, type CsvRow, type Separator, writeCells } from './csv-cells.ts'
import { type Encoding, textOf } from './csv-text.ts'
import { listTemplates } from './list-templates.ts'

const columns = ['id', 'name', 'text', 'position', 'visible', 'sites', 'shortcut', 'language'] as const
type ColumnName = (typeof columns)[number]

/** All templates as a file for a spreadsheet. */
export async function exportTemplates(separator: Separator): Promise<string> {
  const [all, sites] = await Promise.all([listTemplates(), listSites()])
  const rows = all.map((template) => [
    template.id,
    template.name,
    template.text,
    formatPosition(template.position),
    template.visible ? 'yes' : 'no',
    (template.siteIds ?? []).map((id) => siteInFile(id, sites)).join(' | '),
    template.shortcut ?? '',
    template.locale ?? '',
  ])
  return writeCells([[...columns], ...rows], separator)
}

/** By its name where that says which one it is; by its id where it does not. */
function siteInFile(id: string, sites: SiteRow[]): string {
  const name = sites.find((site) => site.id === id)?.name ?? ''
  const isClear = name.trim() === name && !name.includes('|') && sites.filter((site) => site.name === name).length === 1
  return isClear && name !== '' ? name : id
}

/** What a line of a file asks for; `id` is that of the template it was, where the file came from a house of ours. */
export type FileRow = {
  line: number
  id: string | null
  values: Partial<TemplateValues> & { name: string; text: string }
}
/** What is wrong with a line. */
export type FileError = { line: number; refusal: Refusal }
export type TemplatesFile = { encoding: Encoding; rows: FileRow[]; errors: FileError[] }

/** Reads a file of templates. Refuses `csv_invalid` for one that is none; what is wrong with single lines is told of each. */
export async function readTemplatesFile(bytes: Uint8Array): Promise<TemplatesFile> {
  const { text, encoding } = textOf(bytes)
  const [head, ...rest] = readCells(text, mostTemplates + 2)
  const places = columnsIn(head?.cells ?? [])
  if (!places.has('name') || !places.has('text')) throw refuse('csv_invalid', { why: 'header', line: 1, max: 0 })
  if (rest.length === 0) throw refuse('csv_invalid', { why: 'empty', line: 1, max: 0 })
  if (rest.length > mostTemplates) throw refuse('csv_invalid', { why: 'large', line: 1, max: mostTemplates })
  const sites = await listSites()
  const read = rest.map((row) => readRow(row, places, sites))
  const names = new Map<string, number>()
  for (const { values } of read) names.set(values.name, (names.get(values.name) ?? 0) + 1)
  for (const row of read) {
    // Found again by its name alone, it could be either.
    if (row.id === null && row.refusal === null && names.get(row.values.name) !== 1) row.refusal = refuse('csv_twice')
  }
  return {
    encoding,
    rows: read.flatMap(({ refusal, ...row }) => (refusal === null ? [row] : [])),
    errors: read.flatMap(({ line, refusal }) => (refusal === null ? [] : [{ line, refusal }])),
  }
}

// As people call them who make such a file themselves, in our four languages.
const otherNames: Record<ColumnName, string[]> = {
  id: [],
  name: ['название', 'название подсказки', 'название шаблона', 'nazwa', 'nom'],
  text: ['текст', 'текст подсказки', 'текст шаблона', 'treść', 'tekst', 'texte'],
  position: ['последовательность', 'позиция', 'порядок', 'kolejność', 'pozycja', 'ordre', 'position'],
  visible: ['видимость', 'виден', 'видимый', 'widoczny', 'widoczność', 'visible'],
  sites: ['site', 'сайт', 'сайты', 'witryna', 'witryny', 'sites'],
  shortcut: ['сокращение', 'ключ', 'skrót', 'raccourci'],
  language: ['locale', 'язык', 'język', 'langue'],
}

function columnsIn(head: string[]): Map<ColumnName, number> {
  const folded = head.map((cell) => foldWords(cell).join(' '))
  const places = columns.map((column): [ColumnName, number] => {
    const names = [column, ...otherNames[column]].map((name) => foldWords(name).join(' '))
    return [column, folded.findIndex((cell) => names.includes(cell))]
  })
  return new Map(places.filter(([, place]) => place >= 0))
}

type Read = FileRow & { refusal: Refusal | null }

function readRow({ line, cells }: CsvRow, places: Map<ColumnName, number>, sites: SiteRow[]): Read {
  const cell = (column: ColumnName): string | undefined => {
    const place = places.get(column)
    return place === undefined ? undefined : (cells[place] ?? '')
  }
  const idCell = cell('id')?.trim() ?? ''
  const siteIds = sitesIn(cell('sites'), sites)
  const visible = visibleIn(cell('visible'))
  const input: TemplateInput = {
    name: cell('name'),
    text: cell('text'),
    position: cell('position')?.trim() || undefined,
    shortcut: cell('shortcut'),
    locale: cell('language')?.trim().toLowerCase(),
    siteIds: siteIds === 'unknown' ? undefined : siteIds,
    visible: visible === 'unknown' ? undefined : visible,
  }
  const { values, wrong } = checkTemplate(input)
  const own = [
    ...(idCell !== '' && !isId(idCell) ? [refuse('csv_cell', { cell: shown(idCell) })] : []),
    ...(visible === 'unknown' ? [refuse('csv_cell', { cell: shown(cell('visible')) })] : []),
    ...(siteIds === 'unknown' ? [refuse('csv_cell', { cell: shown(cell('sites')) })] : []),
  ]
  const refusal = wrong[0]?.refusal ?? own[0] ?? null
  return { line, id: isId(idCell) ? idCell : null, values: { name: '', text: '', ...values }, refusal }
}

const shown = (cell = ''): string => (cell.length > 40 ? `${cell.slice(0, 40)}…` : cell)

function sitesIn(cell: string | undefined, sites: SiteRow[]): string[] | null | undefined | 'unknown' {
  if (cell === undefined) return undefined
  const names = cell.split('|').flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
  if (names.length === 0) return null
  const ids = names.map((name) => {
    const called = sites.filter((site) => site.id === name || site.name === name)
    return called.length === 1 ? called[0]?.id : undefined
  })
  return ids.every((id) => id !== undefined) ? ids : 'unknown'
}

const yes = ['yes', 'y', 'true', '1', 'да', 'tak', 'oui', 'x', '+']
const no = ['no', 'n', 'false', '0', 'нет', 'nie', 'non', '-']

/** Without a word in it, it is offered. */
function visibleIn(cell: string | undefined): boolean | undefined | 'unknown' {
  if (cell === undefined) return undefined
  const word = cell.trim().toLowerCase()
  if (word === '' || yes.includes(word)) return true
  return no.includes(word) ? false : 'unknown'
}
