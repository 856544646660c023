import { settings } from '../config.ts'
import type { Command } from './command.ts'

const synopsis = 'Kontuar: live chat for shops as one executable with one folder of data.'

/** What `help` prints: all commands with the settings of `serve`, or one command. */
export function helpText(commands: Record<string, Command>, name?: string): string {
  const command = name === undefined ? undefined : commands[name]
  if (command) return commandHelp(name ?? '', command)
  const list = Object.values(commands).map(({ usage, summary }) => `  kontuar ${usage}\n      ${summary}`)
  list.push('  kontuar help [command]\n      Print this, or more about one command.')
  return [synopsis, '', 'Usage:', ...list, '', 'Flags of serve:', ...flagLines(), '', sources].join('\n')
}

const sources =
  'Each flag can also be given as a variable (--public-url is KONTUAR_PUBLIC_URL, or KONTUAR_PUBLIC_URL_FILE with a\n' +
  'file that holds the value) or in kontuar.toml in the data folder (public_url = "..."). Flags beat variables, and\n' +
  'variables beat the file.'

function commandHelp(name: string, { usage, summary, details, flags }: Command): string {
  const lines = [`kontuar ${usage}`, '', summary]
  if (details) lines.push(details)
  if (name === 'serve' || name === 'healthcheck') lines.push('', 'Flags:', ...flagLines(), '', sources)
  else if ('data' in flags) lines.push('', 'Flags:', ...flagLines(['data']))
  return lines.join('\n')
}

function flagLines(only?: string[]): string[] {
  return Object.entries(settings)
    .filter(([name]) => only === undefined || only.includes(name))
    .map(([name, setting]) => {
      const flag = 'placeholder' in setting ? `--${name} ${setting.placeholder}` : `--${name}`
      const fallback = 'placeholder' in setting && setting.fallback !== '' ? ` (${setting.fallback})` : ''
      return `  ${flag.padEnd(26)} ${setting.help}${fallback}`
    })
}
