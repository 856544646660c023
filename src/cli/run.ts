import { print } from './command.ts'
import { commands } from './commands.ts'
import { readFlags, UsageError } from './flags.ts'
import { helpText } from './help.ts'

/** Runs the command that the arguments call; the number is the exit code. Throws `UsageError` for a call it does not know. */
export async function run(args: string[]): Promise<number> {
  if (args.length === 0 || args.includes('--help') || args.includes('-h')) return help(words(args))
  if (args[0] === 'help') return help(args.slice(1))
  if (args[0] === '--version') return command('version', [])
  const pair = args.slice(0, 2).join(' ')
  return Object.hasOwn(commands, pair) ? command(pair, args.slice(2)) : command(args[0] ?? '', args.slice(1))
}

const words = (args: string[]): string[] => args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0)

async function command(name: string, args: string[]): Promise<number> {
  const found = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!found) throw new UsageError(`unknown command ${name}; "kontuar help" lists them`)
  const [first] = args
  if (found.takes === undefined || first === undefined || first.startsWith('-'))
    return found.run(readFlags(args, found.flags))
  return found.run({ ...readFlags(args.slice(1), found.flags), [found.takes]: first })
}

async function help(args: string[]): Promise<number> {
  const name = args.slice(0, 2).join(' ')
  if (name !== '' && name !== 'help' && !Object.hasOwn(commands, name))
    throw new UsageError(`there is no command ${name}`)
  await print(helpText(commands, name === 'help' ? undefined : name || undefined))
  return 0
}
