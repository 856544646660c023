import { type Env, readStore, type StorePlace, storeFlags } from '../config.ts'
import { type Flags, UsageError } from './flags.ts'

/**
 * Where the arguments, the environment and `kontuar.toml` say that everything is kept, whatever command they call. What is
 * wrong with them is left for the command itself to say: only then is it known what it takes.
 */
export function peekStore(args: string[], env: Env = process.env): StorePlace {
  const flags: Flags = {}
  for (const name of Object.keys(storeFlags)) {
    const at = args.findLastIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`))
    const arg = args[at]
    const value = arg?.includes('=') ? arg.slice(arg.indexOf('=') + 1) : args[at + 1]
    if (arg !== undefined && value) flags[name] = value
  }
  try {
    return readStore(flags, env)
  } catch (error) {
    if (error instanceof UsageError) return { data: '', databaseUrl: null }
    throw error
  }
}
