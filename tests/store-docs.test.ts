import { Database } from 'bun:sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { Glob } from 'bun'
import { is } from 'drizzle-orm'
import { CasingCache } from 'drizzle-orm/casing'
import { getTableConfig, type SQLiteColumn, SQLiteSyncDialect, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applicationId } from '../src/platform/db/migrate-sqlite.ts'
import { searchMessages } from '../src/features/search/index.ts'
import { closeStore, openStore } from '../src/platform/db/open.ts'
import { indexingConnections, readingConnections, writingConnections } from '../src/platform/db/postgres/open.ts'
import { openHouse } from './support/house.ts'
import { anchorOf, below, quoted, type Row, sections, tables } from './support/markdown.ts'

const root = join(import.meta.dir, '..')
const page = await Bun.file(join(root, 'docs/store.md')).text()
const all = sections(page)
const documented = below(all, 'Tables')
const rowsOf = (body: string, column: string): Row[] =>
  tables(body)
    .flat()
    .filter((row) => row[column] !== undefined)
const name = (cell = ''): string => quoted(cell)[0] ?? ''

// --- the migrated database

type Column = { name: string; type: string; notnull: number; pk: number }
type Index = { name: string; columns: string[]; unique: boolean; where: string | null }
type Table = { columns: Column[]; indexes: Index[]; foreign: string[]; withoutRowid: boolean }

let folder: string
let file: Database
const migrated = new Map<string, Table>()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kontuar-store-docs-'))
  await openStore(folder)
  await closeStore()
  file = new Database(join(folder, 'kontuar.db'), { readonly: true })
  const ours =
    "SELECT name, wr, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' AND name <> '__drizzle_migrations'"
  for (const table of rows<{ name: string; wr: number; strict: number }>(ours)) {
    expect([table.name, table.strict]).toEqual([table.name, 1])
    migrated.set(table.name, readTable(table.name, table.wr === 1))
  }
})

afterAll(() => {
  file.close()
  rmSync(folder, { recursive: true })
})

const rows = <R>(query: string): R[] => file.query(query).all() as R[]

function readTable(of: string, withoutRowid: boolean): Table {
  const indexes = rows<{ name: string; unique: number; origin: string }>(`SELECT * FROM pragma_index_list('${of}')`)
  const foreign = rows<{ from: string; table: string; to: string }>(`SELECT * FROM pragma_foreign_key_list('${of}')`)
  return {
    columns: rows<Column>(`SELECT name, lower(type) AS type, "notnull", pk FROM pragma_table_xinfo('${of}')`),
    indexes: indexes
      .filter(({ origin }) => origin === 'c')
      .map((index) => ({
        name: index.name,
        columns: rows<{ name: string }>(`SELECT name FROM pragma_index_info('${index.name}') ORDER BY seqno`).map(
          (column) => column.name,
        ),
        unique: index.unique === 1,
        where: whereOf(index.name),
      })),
    foreign: foreign.map((key) => `${key.from} -> ${key.table}.${key.to}`).toSorted(),
    withoutRowid,
  }
}

function whereOf(index: string): string | null {
  const [made] = rows<{ sql: string }>(`SELECT sql FROM sqlite_schema WHERE name = '${index}'`)
  return / WHERE (.*)$/.exec(made?.sql ?? '')?.[1] ?? null
}

const primaryKey = ({ columns }: Table): string[] =>
  columns
    .filter(({ pk }) => pk > 0)
    .toSorted((one, other) => one.pk - other.pk)
    .map((column) => column.name)
const byName = <T extends { name: string }>(list: T[]): T[] =>
  list.toSorted((one, other) => one.name.localeCompare(other.name))
const tableOf = (of: string): Table => {
  const table = migrated.get(of)
  if (!table) throw new Error(`the database has no table ${of}`)
  return table
}

describe('docs/store.md', () => {
  test('describes every table of the database, and no other', () => {
    expect(documented.map(({ heading }) => heading).toSorted()).toEqual([...migrated.keys()].toSorted())
    expect(migrated.size).toBeGreaterThan(8)
  })

  for (const { heading, body } of documented) {
    test(`describes every column and index of ${heading}`, () => {
      const table = tableOf(heading)
      const columns = rowsOf(body, 'column')
      expect(columns.map((row) => [name(row.column), row.type, row.null])).toEqual(
        table.columns.map((column) => [column.name, column.type, column.notnull ? 'no' : 'yes']),
      )
      for (const { column, meaning } of columns) expect([column, meaning]).not.toEqual([column, ''])
      const indexes = rowsOf(body, 'index').map((row) => {
        const [on = '', condition] = (row.on ?? '').split(', where ')
        return {
          name: name(row.index),
          columns: quoted(on),
          unique: on.includes('unique'),
          where: condition ? name(condition) : null,
        }
      })
      expect(byName(indexes)).toEqual(byName(table.indexes))
      const key = /^Primary key: (.*)$/m.exec(body)?.[1] ?? ''
      expect(quoted(key).filter((word) => word !== 'WITHOUT ROWID')).toEqual(primaryKey(table))
      expect(key.includes('WITHOUT ROWID')).toBe(table.withoutRowid)
    })
  }

  test('says which columns point to other tables', () => {
    for (const { heading, body } of documented) {
      const pointing = rowsOf(body, 'column').flatMap((row) => {
        const targets = quoted(row.meaning ?? '').filter((word) => /^\w+\.(id|hash)$/.test(word))
        // Two names in one cell: whose id it is depends on another column, and no foreign key can say so.
        return targets.length === 1 ? [`${name(row.column)} -> ${targets[0]}`] : []
      })
      expect([heading, pointing.toSorted()]).toEqual([heading, tableOf(heading).foreign])
    }
  })

  test('names the pragmas that the writer sets, with their values', async () => {
    const source = await Bun.file(join(root, 'src/platform/db/sqlite.ts')).text()
    const listed = /for \(const pragma of \[([\s\S]*?)\]\)/.exec(source)?.[1] ?? ''
    const set = [...listed.matchAll(/'(\w+) = (\w+)'/g)].map(([, pragma, value]) => [pragma, value])
    const shown = tables(all.find(({ heading }) => heading === 'Pragmas')?.body ?? '').flat()
    const values = shown.map((row) => [name(row.pragma), row.value ?? ''] as const)
    expect(set.length).toBeGreaterThan(5)
    expect(values.slice(0, set.length)).toEqual(set as [string, string][])
    expect(values).toContainEqual(['foreign_keys', 'ON'])
    const ours = values.find(([pragma]) => pragma === 'application_id')?.[1]
    expect(Number(ours?.split(' ')[0])).toBe(applicationId)
  })

  test('names every file of a running server and no other', async () => {
    const house = await openHouse()
    // What is looked for has the index made, if it is not there yet.
    await searchMessages('water', null, 1)
    const found = readdirSync(house.folder)
    await house.close()
    const shown = rowsOf(all.find(({ heading }) => heading === 'Files in the data folder')?.body ?? '', 'file')
    // The operator's own, and what a move leaves behind: a fresh folder has neither.
    const made = shown.map((row) => name(row.file)).filter((path) => !['kontuar.toml', 'moved'].includes(path))
    expect(found.toSorted()).toEqual(made.toSorted())
  })

  test('has only links that lead somewhere', () => {
    const anchors = new Set(all.map(({ heading }) => anchorOf(heading)))
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([])
  })
})

test('docs/stores.md counts the connections to PostgreSQL, and its links lead somewhere', async () => {
  const text = await Bun.file(join(root, 'docs/stores.md')).text()
  const whole = writingConnections + readingConnections + indexingConnections + 1
  expect(text).toContain(
    `**${whole} connections**: ${writingConnections} that write, ${readingConnections} that read, ${indexingConnections} for the search index, and one`,
  )
  const anchors = new Set(sections(text).map(({ heading }) => anchorOf(heading)))
  const links = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
  expect(links.length).toBeGreaterThan(5)
  expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([])
})

// --- what the features declare

const casing = new CasingCache('snake_case')
const dialect = new SQLiteSyncDialect({ casing: 'snake_case' })
const columnName = (column: unknown): string => casing.getColumnCasing(column as SQLiteColumn)

const modules = await Promise.all(
  [...new Glob('src/{features,platform}/*/schema.ts').scanSync(root)].map(
    (path) => import(join(root, path)) as Promise<Record<string, unknown>>,
  ),
)
const declared = modules
  .flatMap((module) => Object.values(module))
  .filter((value): value is SQLiteTable => is(value, SQLiteTable))
  .map((table) => getTableConfig(table))

describe('the declared tables and the migrated database agree', () => {
  test('on which tables there are', () => {
    expect(declared.map((table) => table.name).toSorted()).toEqual([...migrated.keys()].toSorted())
  })

  for (const table of declared) {
    test(`on ${table.name}`, () => {
      const { columns, indexes, foreign } = tableOf(table.name)
      const composed = table.primaryKeys.flatMap((key) => key.columns.map(columnName))
      expect(
        table.columns.map((column) => ({
          name: columnName(column),
          type: column.getSQLType(),
          notnull: column.notNull ? 1 : 0,
        })),
      ).toEqual(columns.map(({ name, type, notnull }) => ({ name, type, notnull })))
      const single = table.columns.filter((column) => column.primary).map(columnName)
      expect([...single, ...composed]).toEqual(primaryKey(tableOf(table.name)))
      const made = table.indexes.map(({ config }) => ({
        name: config.name,
        columns: config.columns.map(columnName),
        unique: config.unique,
        where: config.where ? dialect.sqlToQuery(config.where).sql : null,
      }))
      expect(byName(made)).toEqual(byName(indexes))
      const pointing = table.foreignKeys.map((key) => {
        const { columns: from, foreignTable, foreignColumns } = key.reference()
        return `${from.map(columnName).join()} -> ${getTableConfig(foreignTable).name}.${foreignColumns.map(columnName).join()}`
      })
      expect(pointing.toSorted()).toEqual(foreign)
    })
  }
})
