import { type Config, readConfig, settingFlags } from '../config.ts'
import { type Command, print } from './command.ts'
import { UsageError } from './flags.ts'

export const healthcheck: Command = {
  usage: 'healthcheck [flags of serve]',
  summary: 'Ask the server on this machine whether it is ready; exit 0 if it is, 1 if not.',
  details: 'It looks where the same flags, environment and kontuar.toml would make "serve" listen.',
  flags: settingFlags,
  async run(flags) {
    const config = readConfig(flags)
    if (config.port === 0) throw new UsageError('healthcheck needs --port: 0 leaves the port to chance')
    const { ready, line } = await ask(config)
    if (ready) await print(line)
    else process.stderr.write(`${line}\n`)
    return ready ? 0 : 1
  },
}

async function ask(config: Config): Promise<{ ready: boolean; line: string }> {
  const address = localAddress(config)
  try {
    // The certificate names the public host, not the loopback address asked here.
    const options = { signal: AbortSignal.timeout(5000), tls: { rejectUnauthorized: false } }
    const response = await fetch(`${address}/readyz`, options)
    return { ready: response.ok, line: `${address} answers ${response.status}: ${(await response.text()).trim()}` }
  } catch {
    return { ready: false, line: `nothing answers at ${address}` }
  }
}

const anyAddress: Record<string, string> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

function localAddress({ host, port, tls }: Config): string {
  const address = anyAddress[host] ?? host
  return `${tls ? 'https' : 'http'}://${address.includes(':') ? `[${address}]` : address}:${port}`
}
