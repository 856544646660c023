import { parseArgs } from 'node:util'

/** The command was called, or the program configured, in a way it does not know. The CLI prints the line and exits 2. */
export class UsageError extends Error {}

/** Which flags a command knows: `value` takes one, `switch` does not. */
export type FlagTable = Record<string, 'value' | 'switch'>
export type Flags = Record<string, string | true>

/**
 * Reads flags strictly: `--name value`, `--name=value`, `--switch`; no positional arguments.
 * Throws UsageError on a flag that is not in the table, a missing or an unexpected value.
 */
export function readFlags(args: string[], table: FlagTable): Flags {
  const options = Object.fromEntries(
    Object.entries(table).map(([name, kind]) => [name, { type: kind === 'value' ? 'string' : 'boolean' } as const]),
  )
  const { tokens } = parseArgs({ args, options, strict: false, tokens: true, allowPositionals: true })
  const flags: Flags = {}
  for (const token of tokens) {
    if (token.kind !== 'option') throw new UsageError(`unexpected argument ${args[token.index]}`)
    const kind = token.rawName.startsWith('--') ? table[token.name] : undefined
    if (kind === undefined) throw new UsageError(`unknown flag ${token.rawName}`)
    if (kind === 'switch' && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`)
    if (kind === 'value' && isMissing(token)) throw new UsageError(`${token.rawName} needs a value`)
    flags[token.name] = token.value ?? true
  }
  return flags
}

// `--data --demo`: the next flag is not the folder; `--data=--demo` says that it is meant.
const isMissing = (token: { value?: string | undefined; inlineValue?: boolean | undefined }) =>
  !token.value || (!token.inlineValue && token.value.startsWith('--'))
