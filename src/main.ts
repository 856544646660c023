import { UsageError } from './cli/flags.ts'
import { peekStore } from './cli/peek-store.ts'
import { chooseDialect } from './platform/db/dialect.ts'
import { CannotStart } from './platform/lib/cannot-start.ts'
import { Refusal } from './platform/lib/refuse.ts'

/** One line for a person, and the exit code: 2 for a wrong call, 1 for all else. */
async function explain(error: unknown): Promise<[line: string, code: number]> {
  if (error instanceof UsageError) return [error.message, 2]
  if (error instanceof CannotStart) return [error.message, 1]
  if (error instanceof Refusal) {
    const { translator } = await import('./platform/lib/i18n.ts')
    return [translator('en')(`refusals.${error.code}`, error.values), 1]
  }
  // An ORM puts the values of a statement into its own message; what went wrong is in the cause.
  const told = error instanceof Error && 'params' in error ? error.cause : error
  return [`unexpected error: ${told instanceof Error ? told.message : String(told)}`, 1]
}

try {
  const args = process.argv.slice(2)
  // Before anything is loaded that declares tables: they are declared in the words of the store.
  chooseDialect(peekStore(args).databaseUrl === null ? 'sqlite' : 'postgres')
  const { run } = await import('./cli/run.ts')
  process.exit(await run(args))
} catch (error) {
  const [line, code] = await explain(error)
  process.stderr.write(`kontuar: ${line.replace(/\s*\n\s*/g, ' ')}\n`)
  process.exit(code)
}
