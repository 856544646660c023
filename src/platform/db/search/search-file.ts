import { Database } from 'bun:sqlite'
import { rmSync } from 'node:fs'
import type { Wanted } from '../../lib/words/query.ts'
import { modeOf } from '../state.ts'
import { type Doc, type Hit, lastPlace, placed, type SearchIndex } from './search-index.ts'

// Words are stored as they are compared; of positions and sizes nothing is asked. Beginnings of two to four letters have
// lists of their own, since what begins with them is too much to gather while somebody types.
const schema = [
  'CREATE TABLE IF NOT EXISTS meta (mark TEXT NOT NULL) STRICT',
  'CREATE TABLE IF NOT EXISTS logs (num INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL) STRICT',
  'CREATE TABLE IF NOT EXISTS docs (place INTEGER PRIMARY KEY, log INTEGER NOT NULL, seq INTEGER NOT NULL) STRICT',
  `CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(
    word, content='', columnsize=0, detail=none, prefix='2 3 4', tokenize='unicode61 remove_diacritics 0')`,
]

/** The index as a SQLite file of its own, written and read by the Worker alone. */
export class SearchFile implements SearchIndex {
  readonly #path: string
  #sqlite: Database | null = null
  #mark = ''

  constructor(path: string) {
    this.#path = path
  }

  async open(mark: string): Promise<void> {
    if (this.#sqlite !== null && this.#mark === mark) return
    this.#mark = mark
    const isOurs = () => this.#file().query<{ mark: string }, []>('SELECT mark FROM meta').get()?.mark === mark
    try {
      if (this.#guarded(isOurs)) return
    } catch {
      // Damaged: there is a new one by now.
    }
    this.#discard()
    this.#file().query('INSERT INTO meta (mark) VALUES (?)').run(mark)
  }

  async reached(logs: readonly string[]): Promise<Map<string, number>> {
    return this.#guarded(() => {
      const rows = this.#file()
        .query<{ id: string; seq: number }, [string]>(
          'SELECT id, seq FROM logs WHERE id IN (SELECT value FROM json_each(?))',
        )
        .all(JSON.stringify(logs))
      return new Map(rows.map(({ id, seq }) => [id, seq]))
    })
  }

  async take(docs: readonly Doc[], reached: ReadonlyMap<string, number>): Promise<void> {
    const file = this.#file()
    this.#guarded(() => file.transaction(() => put(file, docs, reached)).immediate())
  }

  async find(wanted: readonly Wanted[], before: number | null, limit: number): Promise<Hit[]> {
    return this.#guarded(() =>
      this.#file()
        .query<Hit, [string, number, number]>(
          `SELECT words.rowid AS place, logs.id AS log, docs.seq AS seq
           FROM words CROSS JOIN docs ON docs.place = words.rowid CROSS JOIN logs ON logs.num = docs.log
           WHERE words MATCH ?1 AND words.rowid < ?2 ORDER BY words.rowid DESC LIMIT ?3`,
        )
        .all(wanted.map(matching).join(' AND '), before ?? Number.MAX_SAFE_INTEGER, limit),
    )
  }

  async logs(): Promise<number> {
    return this.#guarded(() => this.#file().query<{ n: number }, []>('SELECT count(*) AS n FROM logs').get()?.n ?? 0)
  }

  async clear(): Promise<void> {
    this.#discard()
  }

  #file(): Database {
    return (this.#sqlite ??= openFile(this.#path))
  }

  /** Throws the file away when it turns out to be damaged. What was asked for fails all the same. */
  #guarded<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (modeOf(error) === 'damaged') this.#discard()
      throw error
    }
  }

  #discard(): void {
    this.#sqlite?.close()
    this.#sqlite = null
    for (const end of ['', '-wal', '-shm']) rmSync(this.#path + end, { force: true })
  }
}

/** One word of the query. Stems are letters and digits alone: nothing that is typed becomes an operator. */
function matching({ stems, beginning }: Wanted): string {
  const words = [...stems.map((stem) => `"${stem}"`), ...(beginning === null ? [] : [`"${beginning}"*`])]
  return `(${words.join(' OR ')})`
}

function openFile(path: string): Database {
  const sqlite = new Database(path, { create: true, strict: true })
  // What a power cut takes of it is taken in again.
  for (const pragma of ['journal_mode = WAL', 'synchronous = NORMAL', 'cache_size = -16000', 'trusted_schema = OFF'])
    sqlite.run(`PRAGMA ${pragma}`)
  for (const statement of schema) sqlite.run(statement)
  return sqlite
}

function put(file: Database, docs: readonly Doc[], reached: ReadonlyMap<string, number>): void {
  const log = file.query<{ num: number }, [string, number]>(
    'INSERT INTO logs (id, seq) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET seq = max(seq, excluded.seq) RETURNING num',
  )
  const nums = new Map([...reached].map(([id, seq]) => [id, log.get(id, seq)?.num ?? 0]))
  const highest = file.query<{ place: number | null }, [number, number]>(
    'SELECT max(place) AS place FROM docs WHERE place BETWEEN ? AND ?',
  )
  const addDoc = file.query('INSERT INTO docs (place, log, seq) VALUES (?, ?, ?)')
  const addWords = file.query('INSERT INTO words (rowid, word) VALUES (?, ?)')
  for (const doc of placed(docs, (first) => highest.get(first, lastPlace(first))?.place ?? null)) {
    addDoc.run(doc.place, nums.get(doc.log) ?? 0, doc.seq)
    addWords.run(doc.place, doc.words.join(' '))
  }
}
