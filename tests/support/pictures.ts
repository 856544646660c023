import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = process.env.KONTUAR_PICTURES ?? join(tmpdir(), 'kontuar-pictures')

/** The file of a picture that a person looks at, no test does: in KONTUAR_PICTURES, or among the temporary files. */
export function picture(name: string): string {
  mkdirSync(folder, { recursive: true })
  return join(folder, `${name}.png`)
}
