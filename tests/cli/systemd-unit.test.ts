import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { found, holdConversation } from '../support/conversation.ts'
import { freshFolder, builtProgram, run, startServing, until } from '../support/program.ts'
import { mayMakeGroups, mayMakeMachines, testIf } from '../support/rights.ts'
import { bootSystemd, type Machine } from '../support/systemd.ts'

const path = join(import.meta.dir, '../../docs/examples/kontuar.service')
const unit = await Bun.file(path).text()
// What its comments tell the reader to run.
const commands = [...unit.matchAll(/^# +((?:useradd|systemctl) .*)$/gm)].map(([, command]) => command).join('\n')

test('the unit keeps what Bun needs', () => {
  const lines = unit.split('\n')
  expect(lines).toContain('Type=notify')
  expect(lines).toContain('LimitNOFILE=65536')
  expect(lines.filter((line) => line.startsWith('MemoryDenyWriteExecute'))).toEqual([])
})

test.skipIf(!Bun.which('systemd-analyze'))('systemd finds nothing wrong with the unit', async () => {
  await using folder = await freshFolder()
  const copy = join(folder.path, 'kontuar.service')
  // Neither the program nor its user need be on this machine.
  const here = unit.replace('/usr/local/bin/kontuar', '/bin/true').replace('User=kontuar', 'User=daemon')
  const verify = () => run(['/usr/bin/env', 'systemd-analyze', 'verify', copy], [], { env: { PATH: '/usr/bin:/bin' } })
  await Bun.write(copy, here)
  expect(await verify()).toEqual({ code: 0, stdout: '', stderr: '' })
  await Bun.write(copy, here.replace('UMask=', 'UMasque='))
  expect((await verify()).stderr).toContain('UMasque')
})

const hasSystemd = await Bun.file('/lib/systemd/systemd').exists()
const testUnderSystemd = testIf(
  { rights: mayMakeMachines && mayMakeGroups, packages: hasSystemd },
  'the unit under systemd',
)
const freePort = '[Service]\nEnvironment=KONTUAR_PORT=0\n'

testUnderSystemd(
  'under systemd it starts confined as the unit says, people talk, a kill is survived, it stops',
  async () => {
    await using machine = await bootSystemd(path, freePort)
    // Returns when Kontuar has said that it is ready.
    expect(await machine.shell(commands)).toMatchObject({ code: 0 })
    expect((await machine.shell('systemctl is-active kontuar')).stdout).toBe('active\n')
    await checkConfined(machine)
    const url = await urlIn(machine, 1)
    const held = await holdConversation(url, await journal(machine))
    const listed = await machine.shell('kontuar user list --json --data /var/lib/kontuar')
    expect(JSON.parse(listed.stdout)).toMatchObject([{ name: 'Clara', role: 'owner' }])

    await machine.shell('systemctl kill --signal=KILL --kill-whom=main kontuar')
    expect(await found(await urlIn(machine, 2), held)).toEqual([
      'visitor: Do you deliver today?',
      'agent: Until eight.',
    ])
    await until(async () => (await journal(machine)).includes('the database is sound') || null)

    expect(await machine.shell('systemctl stop kontuar')).toMatchObject({ code: 0 })
    expect(await shown(machine)).toEqual({ Result: 'success', ExecMainStatus: '0', NRestarts: '1', SubState: 'dead' })
    expect(await journal(machine)).not.toContain('"level":"error"')
  },
  60_000,
)

testUnderSystemd('under systemd a wrong setting is not tried again and again', async () => {
  await using machine = await bootSystemd(path, freePort.replace('=0', '=everywhere'))
  expect((await machine.shell(commands)).code).toBe(1)
  expect(await shown(machine)).toEqual({
    ...{ Result: 'exit-code', ExecMainStatus: '2', NRestarts: '0', SubState: 'failed' },
  })
  expect(await journal(machine)).toContain('KONTUAR_PORT must be a whole number')
})

test('where systemd cannot be told that the start is over, the log says so and people are served', async () => {
  await using folder = await freshFolder()
  const env = { NOTIFY_SOCKET: join(folder.path, 'nobody'), PATH: folder.path }
  await using serving = await startServing(builtProgram, ['--data', join(folder.path, 'data')], { env })
  await serving.logged('systemd could not be told that the start is over')
  expect((await fetch(`${serving.url}/readyz`)).status).toBe(200)
  expect(await serving.end('SIGTERM')).toMatchObject({ code: 0 })
})

async function checkConfined(machine: Machine): Promise<void> {
  const process = `/proc/${(await machine.shell('systemctl show -p MainPID --value kontuar')).stdout.trim()}`
  const status = await machine.shell(`cat ${process}/status`)
  const value = (name: string) => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status.stdout)?.[1]
  const user = (await machine.shell('id -u kontuar')).stdout.trim()
  expect(value('Uid')?.split('\t')).toEqual([user, user, user, user])
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(value(set)).toBe('0'.repeat(16))
  expect([value('NoNewPrivs'), value('Seccomp'), value('Umask')]).toEqual(['1', '2', '0077'])

  const mounts = (await machine.shell(`cat ${process}/mountinfo`)).stdout.trimEnd().split('\n')
  const options = new Map(mounts.map((line) => [line.split(' ')[4], line.split(' ')[5]?.split(',')]))
  for (const readOnly of ['/', '/usr', '/dev', '/sys', '/proc/sys', '/home', '/root'])
    expect(options.get(readOnly)).toContain('ro')
  expect(options.get('/var/lib/kontuar')).toContain('rw')
  expect((await machine.shell(`stat -c '%U %a' /var/lib/kontuar`)).stdout).toBe('kontuar 700\n')

  const limits = async (path: string) => /Max open files +(\d+) +(\d+)/.exec(await readFile(path, 'utf8'))?.slice(1, 3)
  // Nobody gets more than the whole machine may have.
  const most = Math.min(65_536, Number((await limits('/proc/self/limits'))?.[1]))
  expect(await limits(machine.file(`${process}/limits`))).toEqual([`${most}`, `${most}`])
}

const journal = async (machine: Machine): Promise<string> =>
  (await machine.shell('journalctl --quiet --no-pager --output=cat --unit=kontuar')).stdout

/** Where it listens after it has become ready for the n-th time. */
const urlIn = (machine: Machine, n: number): Promise<string> =>
  until(async () => [...(await journal(machine)).matchAll(/"message":"ready","url":"([^"]+)"/g)][n - 1]?.[1] ?? null)

async function shown(machine: Machine): Promise<Record<string, string>> {
  const { stdout } = await machine.shell('systemctl show -p Result,ExecMainStatus,NRestarts,SubState kontuar')
  return Object.fromEntries(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('=')),
  )
}
