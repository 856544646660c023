import { version as number } from '../../package.json' with { type: 'json' }
import { type Command, print } from './command.ts'

export const version: Command = {
  usage: 'version',
  summary: 'Print the version.',
  flags: {},
  async run() {
    await print(`kontuar ${number}`)
    return 0
  },
}
