import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotStart } from '../lib/cannot-start.ts'

const marker = (folder: string): string => join(folder, 'moved')

/** Notes in the data folder that its shop goes on in the database called `to`, so that nobody serves the file by mistake. */
export function noteMoved(folder: string, to: string): void {
  writeFileSync(marker(folder), `${to}\n`, { flush: true })
}

/** Where the shop of this folder was moved; null when it was not. */
export function movedTo(folder: string): string | null {
  return existsSync(marker(folder)) ? readFileSync(marker(folder), 'utf8').trim() : null
}

/** Throws `CannotStart` for the file of a shop that goes on elsewhere: what is written to it would be missing there. */
export function refuseMoved(folder: string): void {
  const to = movedTo(folder)
  if (to === null) return
  throw new CannotStart(
    `The shop in ${folder} was moved to the PostgreSQL database ${to}: serve it from there, with --database-url. To go back to kontuar.db as it was then, delete ${marker(folder)} first.`,
  )
}
