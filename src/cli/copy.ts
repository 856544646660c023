import { resolve } from 'node:path'
import { databaseUrl, readStore, readText } from '../config.ts'
import type { CopyStep, Watch } from '../platform/db/copy/copy.ts'
import type { Compared } from '../platform/db/copy/verify.ts'
import { type Command, print } from './command.ts'
import { type Flags, UsageError } from './flags.ts'
import { type Progress, showProgress } from './progress.ts'
import { table } from './table.ts'

export const copy: Command = {
  usage: 'copy [--data FOLDER] [--to URL | --to-file FILE] [--quiet]',
  summary: 'Move a shop from the data folder into an empty PostgreSQL database, and compare the two.',
  details: `Stop the server first. Interrupted, it goes on when the same command is run again. Nothing is taken from the folder.

  --to URL                   the database: postgres://user@host/database
  --to-file FILE             a file that holds the URL, so that a password need not stand on the command line
                             (without both: the database that the settings name, KONTUAR_DATABASE_URL for one)
  --quiet                    no progress`,
  flags: { data: 'value', to: 'value', 'to-file': 'value', quiet: 'switch' },
  async run(flags) {
    const { data, url, serve } = readPlaces(flags)
    const { copyStore } = await import('../platform/db/copy/copy.ts')
    const stop = new AbortController()
    stopOnSignal(stop)
    const watching = watch(stop.signal, flags.quiet === true)
    const copied = await copyStore(data, url, watching.watch).finally(watching.end)
    if (copied === null) {
      process.stderr.write('kontuar: stopped. What was copied is kept: run the same command again to go on.\n')
      return 130
    }
    await print(resultTable(copied.tables))
    const different = copied.tables.filter(({ same }) => !same)
    if (different.length > 0) {
      process.stderr.write(`kontuar: ${differenceLine(copied.shown, different)}\n`)
      return 1
    }
    await print(nextSteps(copied.shown, copied.tables, data, serve))
    return 0
  },
}

type Places = {
  data: string
  url: string
  /** How it is served from there. */
  serve: string
}

function readPlaces(flags: Flags): Places {
  const { data, databaseUrl: fromSettings } = readStore(flags)
  const [to, file] = [flags.to, flags['to-file']]
  if (to !== undefined && file !== undefined) throw new UsageError('--to and --to-file do not go together')
  const given =
    typeof file === 'string'
      ? { value: readText(file, '--to-file').trim(), from: '--to-file' }
      : { value: `${to ?? ''}`, from: '--to' }
  const url = databaseUrl(given) ?? fromSettings
  if (url === null) throw new UsageError('copy needs --to or --to-file: the database to copy into')
  const serve = `kontuar serve --data ${inShell(data)}`
  if (typeof file === 'string')
    return { data, url, serve: `KONTUAR_DATABASE_URL_FILE=${inShell(resolve(file))} ${serve}` }
  return {
    data,
    url,
    serve: typeof to === 'string' ? `${serve} --database-url ${inShell(withoutPassword(to))}` : serve,
  }
}

const inShell = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`

function withoutPassword(url: string): string {
  const shown = new URL(url)
  if (shown.password !== '') shown.password = 'PASSWORD'
  return shown.href
}

/** The first signal ends it between two batches, the second at once. */
function stopOnSignal(stop: AbortController): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(130)
      stop.abort()
    })
  }
}

const words: Record<CopyStep, { heading: string; things: string }> = {
  check: { heading: 'Reading the source', things: 'rows read' },
  copy: { heading: 'Copying', things: 'rows copied' },
  verify: { heading: 'Comparing', things: 'rows compared' },
}

function watch(signal: AbortSignal, quiet: boolean): { watch: Watch; end(): void } {
  let [progress, done]: [Progress | null, number] = [null, 0]
  const end = () => progress?.end()
  return {
    end,
    watch: {
      signal,
      begins(step, rows) {
        if (quiet) return
        end()
        const { heading, things } = words[step]
        process.stderr.write(`${heading} (${rows.toLocaleString('en')} rows)\n`)
        ;[progress, done] = [rows > 0 ? showProgress(rows, things) : null, 0]
      },
      did(rows) {
        done += rows
        progress?.at(done)
      },
    },
  }
}

const either = (one: string, other: string): string => (one === other ? one : `${one} / ${other}`)

const resultTable = (compared: Compared[]): string =>
  table(
    compared.map((one) => ({
      table: one.table,
      rows: either(`${one.source.rows}`, `${one.target.rows}`),
      checksum: either(one.source.checksum.slice(0, 16), one.target.checksum.slice(0, 16)),
      same: one.same ? 'yes' : 'NO',
    })),
    ['table', 'rows', 'checksum', 'same'],
  )

function differenceLine(shown: string, different: Compared[]): string {
  const where = different.map((one) => one.firstDifference ?? one.table).join('; ')
  return `The copy in ${shown} is not the same as the source, first at: ${where}. It cannot be served. Copy into an empty database.`
}

function nextSteps(shown: string, compared: Compared[], data: string, serve: string): string {
  const rows = compared.reduce((sum, { source }) => sum + source.rows, 0)
  return `
Copied ${rows.toLocaleString('en')} rows to ${shown}: both are the same. From now on serve the shop from there:

  ${serve}

The data folder stays in use: secret.key in it is still needed, and kontuar.toml is still read. kontuar.db is kept as it
was, as a backup; ${data}/moved keeps it from being served by mistake.`
}
