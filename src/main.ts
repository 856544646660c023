import { print } from './cli/command.ts'
import { commands } from './cli/commands.ts'
import { readFlags, UsageError } from './cli/flags.ts'
import { helpText } from './cli/help.ts'
import { CannotStart } from './platform/lib/cannot-start.ts'
import { translator } from './platform/lib/i18n.ts'
import { Refusal } from './platform/lib/refuse.ts'

async function main(args: string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) return help(words(args))
  if (args[0] === 'help') return help(args.slice(1))
  if (args[0] === '--version') return run('version', [])
  const pair = args.slice(0, 2).join(' ')
  return Object.hasOwn(commands, pair) ? run(pair, args.slice(2)) : run(args[0] ?? '', args.slice(1))
}

const words = (args: string[]): string[] => args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0)

async function run(name: string, args: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new UsageError(`unknown command ${name}; "kontuar help" lists them`)
  return command.run(readFlags(args, command.flags))
}

async function help(args: string[]): Promise<number> {
  const name = args.slice(0, 2).join(' ')
  if (name !== '' && name !== 'help' && !Object.hasOwn(commands, name))
    throw new UsageError(`there is no command ${name}`)
  await print(helpText(commands, name === 'help' ? undefined : name || undefined))
  return 0
}

/** One line for a person, and the exit code: 2 for a wrong call, 1 for all else. */
function explain(error: unknown): [line: string, code: number] {
  if (error instanceof UsageError) return [error.message, 2]
  if (error instanceof CannotStart) return [error.message, 1]
  if (error instanceof Refusal) return [translator('en')(`refusals.${error.code}`, error.values), 1]
  return [`unexpected error: ${error instanceof Error ? error.message : String(error)}`, 1]
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  const [line, code] = explain(error)
  process.stderr.write(`kontuar: ${line.replace(/\s*\n\s*/g, ' ')}\n`)
  process.exit(code)
}
