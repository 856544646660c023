import type { SQL } from 'bun'
import type { Wanted } from '../../lib/words/query.ts'
import { type Doc, type Hit, lastPlace, placed, type SearchIndex } from '../search/search-index.ts'

/** The tables of the index. They hold nothing that cannot be made again, and no migration knows of them. */
export const searchTables = ['search_meta', 'search_logs', 'search_docs'] as const

const schema = [
  'CREATE TABLE IF NOT EXISTS search_meta (mark text NOT NULL)',
  'CREATE TABLE IF NOT EXISTS search_logs (id text COLLATE "C" PRIMARY KEY, seq bigint NOT NULL)',
  'CREATE TABLE IF NOT EXISTS search_docs (place bigint PRIMARY KEY, log text NOT NULL, seq bigint NOT NULL, words tsvector NOT NULL)',
  'CREATE INDEX IF NOT EXISTS search_docs_words ON search_docs USING gin (words) WITH (gin_pending_list_limit = 256)',
]

/** The index in tables of the database itself. `pool` writes. */
export function searchInDatabase(pool: SQL): SearchIndex {
  const drop = () => pool.unsafe(searchTables.map((name) => `DROP TABLE IF EXISTS ${name}`).join('; '))
  let opened = ''
  // Whoever searches and whoever takes in may be the first, at once: one of them makes the tables.
  let opening: Promise<void> | null = null
  async function make(mark: string): Promise<void> {
    for (const statement of schema) await pool.unsafe(statement)
    const [meta] = (await pool.unsafe('SELECT mark FROM search_meta')) as { mark: string }[]
    if (meta?.mark !== mark) {
      await drop()
      for (const statement of schema) await pool.unsafe(statement)
      await pool.unsafe('INSERT INTO search_meta (mark) VALUES ($1)', [mark])
    }
    opened = mark
  }
  return {
    async open(mark) {
      while (opening !== null) await opening.catch(() => undefined)
      if (opened === mark) return
      opening = make(mark)
      await opening.finally(() => (opening = null))
    },
    async reached(logs) {
      const rows = (await pool.unsafe(
        'SELECT id, seq FROM search_logs WHERE id IN (SELECT jsonb_array_elements_text($1::text::jsonb))',
        [JSON.stringify(logs)],
      )) as { id: string; seq: string }[]
      return new Map(rows.map(({ id, seq }) => [id, Number(seq)]))
    },
    async take(docs, reached) {
      await pool.begin((tx) => put(tx, docs, reached))
    },
    async find(wanted, before, limit) {
      const asked = [wanted.map(matching).join(' & '), before ?? Number.MAX_SAFE_INTEGER, limit]
      const lately = await hitsOf(pool.unsafe(amongTheNewest, asked))
      return lately.length < limit ? hitsOf(pool.unsafe(amongAll, asked)) : lately
    },
    async logs() {
      const [row] = (await pool.unsafe('SELECT count(*) AS n FROM search_logs')) as { n: string }[]
      return Number(row?.n ?? 0)
    },
    async clear() {
      opened = ''
      await drop()
    },
  }
}

// Of a word that is common the newest hits are among the newest entries, and of one that is not, the index knows the few there
// are. Which of the two a word is, PostgreSQL guesses, and where it guesses wrong it reads every entry: so it is found out.
const newest = 10_000
const order = 'ORDER BY place DESC LIMIT $3::bigint'
const amongTheNewest = `
  SELECT place, log, seq
  FROM (SELECT * FROM search_docs WHERE place < $2::bigint ORDER BY place DESC LIMIT ${newest}) lately
  WHERE words @@ $1::text::tsquery ${order}`
const amongAll = `
  WITH hits AS MATERIALIZED
    (SELECT place, log, seq FROM search_docs WHERE words @@ $1::text::tsquery AND place < $2::bigint)
  SELECT place, log, seq FROM hits ${order}`

async function hitsOf(rows: Promise<Record<keyof Hit, string>[]>): Promise<Hit[]> {
  return (await rows).map(({ place, log, seq }) => ({ place: Number(place), log, seq: Number(seq) }))
}

/** One word of the query. Stems are letters and digits alone: nothing that is typed becomes an operator. */
function matching({ stems, beginning }: Wanted): string {
  const words = [...stems.map((stem) => `'${stem}'`), ...(beginning === null ? [] : [`'${beginning}':*`])]
  return `(${words.join(' | ')})`
}

async function put(tx: Pick<SQL, 'unsafe'>, docs: readonly Doc[], reached: ReadonlyMap<string, number>): Promise<void> {
  const logs = [...reached].map(([id, seq]) => ({ id, seq }))
  await tx.unsafe(
    `INSERT INTO search_logs (id, seq) SELECT l->>'id', (l->>'seq')::bigint FROM jsonb_array_elements($1::text::jsonb) l
     ON CONFLICT (id) DO UPDATE SET seq = greatest(search_logs.seq, excluded.seq)`,
    [JSON.stringify(logs)],
  )
  if (docs.length === 0) return
  const seconds = new Map<number, number>()
  for (const { place } of placed(docs, () => null)) {
    const first = place - (place % (lastPlace(0) + 1))
    if (seconds.has(first)) continue
    const [row] = (await tx.unsafe(
      'SELECT max(place) AS place FROM search_docs WHERE place BETWEEN $1::bigint AND $2::bigint',
      [first, lastPlace(first)],
    )) as { place: string | null }[]
    seconds.set(first, row?.place == null ? first - 1 : Number(row.place))
  }
  const rows = placed(docs, (first) => seconds.get(first) ?? null)
  await tx.unsafe(
    `INSERT INTO search_docs (place, log, seq, words)
     SELECT (d->>'place')::bigint, d->>'log', (d->>'seq')::bigint,
       array_to_tsvector(ARRAY(SELECT jsonb_array_elements_text(d->'words')))
     FROM jsonb_array_elements($1::text::jsonb) d`,
    [JSON.stringify(rows.map(({ place, log, seq, words }) => ({ place, log, seq, words })))],
  )
}
