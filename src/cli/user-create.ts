import { readStore, storeFlags } from '../config.ts'
import { type Command, print } from './command.ts'
import { type Flags, UsageError } from './flags.ts'
import { runOnStore } from './store-command.ts'

export const userCreate: Command = {
  usage:
    'user create --email EMAIL --name NAME --role owner|admin|agent --password-stdin [--data FOLDER] [--database-url URL]',
  summary: 'Create an account for the console. The password is the first line of standard input.',
  flags: { email: 'value', name: 'value', role: 'value', 'password-stdin': 'switch', ...storeFlags },
  async run(flags) {
    const given = { email: need(flags, 'email'), name: need(flags, 'name'), role: need(flags, 'role') }
    if (!flags['password-stdin']) throw new UsageError('user create needs --password-stdin, and the password there')
    if (!/^(owner|admin|agent)$/.test(given.role)) throw new UsageError('--role must be owner, admin or agent')
    const { id } = await runOnStore(readStore(flags), 'user.create', { ...given, password: await firstLine() })
    await print(`Created ${given.email} (${given.role}), id ${id}`)
    return 0
  },
}

function need(flags: Flags, name: string): string {
  const value = flags[name]
  if (typeof value !== 'string') throw new UsageError(`user create needs --${name}`)
  return value
}

async function firstLine(): Promise<string> {
  const [line = ''] = (await Bun.stdin.text()).split(/\r?\n/, 1)
  if (line === '') throw new UsageError('there is no password on standard input')
  return line
}
