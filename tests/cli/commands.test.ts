import { expect, test } from 'bun:test'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Database } from 'bun:sqlite'
import { settingFlags } from '../../src/config.ts'
import {
  collect,
  freshFolder,
  builtProgram,
  isAlive,
  run,
  startServing,
  until,
  untilReady,
} from '../support/program.ts'

const tls = join(import.meta.dir, '../support/tls')
const cert = ['--tls-cert', join(tls, 'cert.pem'), '--tls-key', join(tls, 'key.pem')]

const anna = ['--email', 'anna@shop.example', '--name', 'Anna', '--role', 'agent', '--password-stdin']
const password = 'a long enough secret'

/** One clear line on stderr, nothing on stdout, and no stack trace. */
async function failure(args: string[], env: Record<string, string> = {}, stdin = '') {
  const { code, stdout, stderr } = await run(builtProgram, args, { env, stdin })
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^kontuar: [^\n]+\n$/)
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+|Error:/)
  return { code, line: stderr.slice('kontuar: '.length, -1) }
}

test.each([
  [['serve', '--bogus'], 'unknown flag --bogus'],
  [['serve', '-p', '80'], 'unknown flag -p'],
  [['serve', 'now'], 'unexpected argument now'],
  [['serve', '--port'], '--port needs a value'],
  [['serve', '--port', '--demo'], '--port needs a value'],
  [['serve', '--demo=yes'], '--demo takes no value'],
  [['serve', '--port', '70000'], '--port must be a whole number from 0 to 65535, not "70000"'],
  [['serve', '--port', '80a'], '--port must be a whole number from 0 to 65535, not "80a"'],
  [['serve', '--host', 'not a host'], '--host must be an address or a host name, not "not a host"'],
  [['serve', '--public-url', 'chat.example'], '--public-url must be a URL such as https://chat.example.com'],
  [['serve', '--public-url', 'ftp://chat.example'], '--public-url must be an http or https URL'],
  [['serve', '--trusted-proxies', '10.0.0.0/99'], '--trusted-proxies must be addresses or CIDR ranges'],
  [['serve', '--log-level', 'loud'], '--log-level must be debug, info, warn or error, not "loud"'],
  [['serve', '--tls-cert', join(tls, 'cert.pem')], '--tls-cert and --tls-key go together'],
  [['serve', '--tls-cert', '/none', '--tls-key', '/none'], '--tls-cert: cannot read /none (ENOENT)'],
  [
    ['serve', '--tls-cert', join(tls, 'key.pem'), '--tls-key', join(tls, 'key.pem')],
    'are not a certificate and its key',
  ],
  [['sell'], 'unknown command sell'],
  [['user'], 'unknown command user'],
  [['user', 'remove'], 'unknown command user'],
  [['toString'], 'unknown command toString'],
  [['help', 'sell'], 'there is no command sell'],
  [['user', 'create', '--email', 'a@b.example'], 'user create needs --name'],
  [['user', 'create', ...anna.slice(0, -1)], 'user create needs --password-stdin'],
  [['user', 'create', ...anna], 'there is no password on standard input'],
  [['user', 'create', ...anna, '--role', 'king'], '--role must be owner, admin or agent'],
  [['user', 'create', ...anna, '--password', 'x'], 'unknown flag --password'],
  [['healthcheck', '--port', '0'], 'healthcheck needs --port'],
  [['notify'], 'notify needs what to tell'],
  [['notify', 'a', 'b'], 'unexpected argument b'],
  [['notify', 'a', '--over', '--key', 'k'], 'notify --over needs --key, and no title'],
  [['copy'], 'copy needs --to or --to-file'],
  [['copy', '--database-url', 'postgres://h/d'], 'unknown flag --database-url'],
])('kontuar %p is a wrong call', async (args, line) => {
  const failed = await failure(args)
  expect(failed.line).toContain(line)
  expect(failed.code).toBe(2)
})

test('help names every command and every flag, and each command has help of its own', async () => {
  const { code, stdout } = await run(builtProgram, ['help'])
  expect(code).toBe(0)
  for (const name of [
    'serve',
    'user create',
    'user list',
    'site list',
    'notify',
    'copy',
    'healthcheck',
    'version',
    'help',
  ])
    expect(stdout).toContain(`kontuar ${name}`)
  for (const flag of Object.keys(settingFlags)) expect(stdout).toContain(`--${flag}`)
  expect((await run(builtProgram, ['help', 'user', 'create'])).stdout).toContain('--password-stdin')
  expect((await run(builtProgram, ['user', 'create', '--help'])).stdout).toContain('--password-stdin')
  expect((await run(builtProgram, [])).stdout).toBe(stdout)
})

test('a bad variable, a bad value file and a bad key in kontuar.toml are named', async () => {
  await using folder = await freshFolder()
  const file = join(folder.path, 'kontuar.toml')
  const serve = ['serve', '--data', folder.path]
  expect(await failure(serve, { KONTUAR_PORT: 'x' })).toEqual({
    code: 2,
    line: 'KONTUAR_PORT must be a whole number from 0 to 65535, not "x"',
  })
  expect((await failure(serve, { KONTUAR_PORT_FILE: '/none' })).line).toBe(
    'KONTUAR_PORT_FILE: cannot read /none (ENOENT)',
  )
  const inFile = async (toml: string) => {
    await Bun.write(file, toml)
    return (await failure(serve)).line
  }
  expect(await inFile('prot = 3000')).toBe(`${file}: unknown key prot`)
  expect(await inFile('port = 70000')).toContain(`${file}: port must be a whole number`)
  expect(await inFile('[limits]\nvisitors = 1')).toBe(`${file}: unknown key limits.visitors`)
  expect(await inFile('[limits]\nvisitor_burst = 0')).toContain(`${file}: limits.visitor_burst must be`)
  expect(await inFile('data = "/else"')).toContain('data cannot be set')
  expect(await inFile('port = ')).toContain(`${file} is not TOML`)
})

test('a folder that cannot be written to is refused', async () => {
  const failed = await failure(['serve', '--port', '0', '--data', '/proc/kontuar'])
  expect(failed.code).toBe(1)
  expect(failed.line).toContain('The data folder /proc/kontuar cannot be written to')
})

test('a port that is taken is refused, and the folder is free again', async () => {
  await using folder = await freshFolder()
  using other = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response() })
  const failed = await failure(['serve', '--port', `${other.port}`, '--data', folder.path])
  expect(failed).toEqual({ code: 1, line: expect.stringContaining(`Port ${other.port} on 127.0.0.1 is taken`) })
  await using serving = await startServing(builtProgram, ['--data', folder.path])
  expect((await serving.end('SIGTERM')).code).toBe(0)
})

test('a folder that another server has is refused', async () => {
  await using folder = await freshFolder()
  await using serving = await startServing(builtProgram, ['--data', folder.path])
  const failed = await failure(['serve', '--port', '0', '--data', folder.path])
  expect(failed.code).toBe(1)
  expect(failed.line).toContain('is in use by another Kontuar')
  await serving.end('SIGTERM')
})

test('a database that a newer Kontuar wrote is refused, and so is one of somebody else', async () => {
  await using folder = await freshFolder()
  expect((await run(builtProgram, ['user', 'create', ...anna, '--data', folder.path], { stdin: password })).code).toBe(
    0,
  )
  change(folder.path, 'PRAGMA user_version = 9999')
  expect(await failure(['serve', '--port', '0', '--data', folder.path])).toEqual({
    code: 1,
    line: expect.stringMatching(/newer/),
  })
  change(folder.path, 'PRAGMA application_id = 1')
  expect((await failure(['serve', '--port', '0', '--data', folder.path])).line).toContain('not a Kontuar database')
})

function change(folder: string, pragma: string): void {
  using database = new Database(join(folder, 'kontuar.db'))
  database.run(pragma)
}

test('a file with which the store cannot begin is one line, not a stack', async () => {
  await using folder = await freshFolder()
  await Bun.write(join(folder.path, 'kontuar.db'), 'this is a shopping list'.repeat(1000))
  const failed = await failure(['serve', '--port', '0', '--data', folder.path])
  expect(failed.code).toBe(1)
})

test('the first start prints a set-up link and the demo shop; with an owner there is no set-up link', async () => {
  await using folder = await freshFolder()
  await using first = await startServing(builtProgram, ['--data', folder.path, '--demo'])
  expect(first.stdout).toMatch(/^Set-up link \(works once\): http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]{40,}\n/)
  expect(first.stdout).toContain(`Demo shop: ${first.url}/demo\n`)
  const [link = ''] = /http\S+setup\S+/.exec(first.stdout) ?? []
  expect((await fetch(link)).status).toBe(200)
  expect((await fetch(`${first.url}/demo`)).status).toBe(200)
  const owner = anna.map((word) => (word === 'agent' ? 'owner' : word))
  expect((await run(builtProgram, ['user', 'create', ...owner, '--data', folder.path], { stdin: password })).code).toBe(
    0,
  )
  const { stderr } = await first.end('SIGTERM')
  expect(stderr).not.toContain('setup')
  await using second = await startServing(builtProgram, ['--data', folder.path])
  expect(second.stdout).toBe(`Console: ${second.url}/\n`)
  await second.end('SIGTERM')
})

test('accounts are created and listed in the running server, and without one', async () => {
  await using folder = await freshFolder()
  const data = ['--data', folder.path]
  await using serving = await startServing(builtProgram, data)
  const created = await run(builtProgram, ['user', 'create', ...anna, ...data], { stdin: `${password}\n` })
  expect(created).toEqual({ code: 0, stdout: expect.stringContaining('anna@shop.example (agent)'), stderr: '' })
  const listed = await run(builtProgram, ['user', 'list', '--json', ...data])
  expect(JSON.parse(listed.stdout)).toEqual([
    expect.objectContaining({ email: 'anna@shop.example', name: 'Anna', role: 'agent' }),
  ])
  expect(listed.stdout).not.toMatch(/argon|password|hash/i)
  const again = await failure(['user', 'create', ...anna, ...data], {}, password)
  expect(again.code).toBe(1)
  expect((await serving.end('SIGTERM')).code).toBe(0)
  const boris = ['--email', 'boris@shop.example', '--name', 'Boris', '--role', 'admin', '--password-stdin']
  expect((await run(builtProgram, ['user', 'create', ...boris, ...data], { stdin: password })).code).toBe(0)
  expect((await run(builtProgram, ['user', 'list', ...data])).stdout).toMatch(
    /anna@shop\.example.*\n.*boris@shop\.example/,
  )
  expect((await failure(['user', 'create', ...anna, ...data], {}, 'short')).code).toBe(1)
})

test('sites are listed in the running server, and without one', async () => {
  await using folder = await freshFolder()
  const data = ['--data', folder.path]
  await using serving = await startServing(builtProgram, [...data, '--demo'])
  const running = await run(builtProgram, ['site', 'list', '--json', ...data])
  expect(JSON.parse(running.stdout)).toEqual([expect.objectContaining({ demo: true, chatEnabled: true })])
  await serving.end('SIGTERM')
  expect((await run(builtProgram, ['site', 'list', '--json', ...data])).stdout).toBe(running.stdout)
})

test('a command that only reads makes no new folder where a name was mistyped', async () => {
  await using folder = await freshFolder()
  const failed = await failure(['user', 'list', '--data', join(folder.path, 'dta')])
  expect(failed.line).toContain('There is no Kontuar data')
  expect(await readdir(folder.path)).toEqual([])
})

test('the control socket and the secret key are for the owner of the folder alone', async () => {
  await using folder = await freshFolder()
  await using serving = await startServing(builtProgram, ['--data', folder.path])
  const mode = async (name: string) => ((await stat(join(folder.path, name))).mode & 0o777).toString(8)
  expect(await mode('kontuar.sock')).toBe('600')
  expect(await mode('secret.key')).toBe('600')
  await serving.end('SIGTERM')
  expect(await readdir(folder.path)).not.toContain('kontuar.sock')
})

test('a folder too deep for a socket has it elsewhere, and a killed server leaves nothing in the way', async () => {
  await using folder = await freshFolder()
  const deep = join(folder.path, 'a'.repeat(60), 'b'.repeat(60))
  await using killed = await startServing(builtProgram, ['--data', deep])
  await killed.end('SIGKILL')
  expect((await run(builtProgram, ['user', 'list', '--json', '--data', deep])).stdout).toBe('[]\n')
  await using serving = await startServing(builtProgram, ['--data', deep])
  expect((await run(builtProgram, ['user', 'list', '--json', '--data', deep])).stdout).toBe('[]\n')
  await serving.end('SIGTERM')
})

test('healthcheck says by its exit code whether the server is ready, over http and https', async () => {
  await using folder = await freshFolder()
  for (const flags of [[], cert]) {
    await using serving = await startServing(builtProgram, ['--data', folder.path, ...flags])
    const port = new URL(serving.url).port
    const check = ['healthcheck', '--port', port, '--data', folder.path, ...flags]
    expect(await run(builtProgram, check)).toMatchObject({ code: 0, stdout: expect.stringContaining('answers 200') })
    await serving.end('SIGTERM')
    expect(await run(builtProgram, check)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('nothing answers'),
    })
  }
})

test.each([['SIGTERM'], ['SIGINT'], ['SIGHUP']] as const)('%s stops the server cleanly', async (signal) => {
  await using folder = await freshFolder()
  await using serving = await startServing(builtProgram, ['--data', folder.path])
  const { code, stderr } = await serving.end(signal)
  expect(code).toBe(0)
  expect(stderr).toContain('"message":"stopped"')
  expect(await readdir(folder.path)).not.toContain('running')
})

test('one Ctrl-C that arrives twice, as under npm, is still a clean stop', async () => {
  await using folder = await freshFolder()
  await using serving = await startServing(builtProgram, ['--data', folder.path])
  expect((await serving.end('SIGINT', 'SIGINT')).code).toBe(0)
})

test('npm start, told to stop, leaves no process behind', async () => {
  await using folder = await freshFolder()
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, KONTUAR_PORT: '0', KONTUAR_DATA: folder.path }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    await using serving = await untilReady(['npm'], ['start', '--silent'], { env })
    expect(serving.stdout).toContain('Demo shop: ')
    expect(isAlive(serving.pid)).toBe(true)
    await serving.end(signal)
    expect(isAlive(serving.pid)).toBe(false)
  }
}, 60_000)

test('on a terminal npm start logs for people, and Ctrl-C stops all of it', async () => {
  await using folder = await freshFolder()
  const { PATH = '', HOME = '' } = process.env
  // script(1) gives it a terminal, on which a control character becomes the signal.
  const terminal = Bun.spawn(['script', '--quiet', '--return', '--command', 'npm start --silent', '/dev/null'], {
    stdin: 'pipe',
    stdout: 'pipe',
    env: { PATH, HOME, KONTUAR_PORT: '0', KONTUAR_DATA: folder.path },
  })
  const shown = { text: '' }
  const drained = collect(terminal.stdout, shown)
  const screen = () => Bun.stripANSI(shown.text)
  const pid = Number(await until(() => / info {2}ready url=.* pid=(\d+)/.exec(screen())?.[1] ?? null))
  expect(isAlive(pid)).toBe(true)
  await terminal.stdin.write('\u0003')
  await terminal.stdin.flush()
  await terminal.exited
  await drained
  expect(screen()).toMatch(/\d\d:\d\d:\d\d info {2}stopped/)
  expect(screen()).not.toContain('{"at"')
  expect(isAlive(pid)).toBe(false)
}, 60_000)

test('logs are JSON lines when nobody watches, without tokens', async () => {
  await using folder = await freshFolder()
  await using serving = await startServing(builtProgram, ['--data', folder.path, '--log-level', 'debug'])
  await fetch(`${serving.url}/setup?token=topsecret`)
  const { stderr } = await serving.end('SIGTERM')
  for (const line of stderr.trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) })
  expect(stderr).not.toContain('topsecret')
})
