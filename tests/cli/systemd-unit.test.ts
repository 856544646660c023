import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { freshFolder, run } from '../support/program.ts'

const unit = await Bun.file(join(import.meta.dir, '../../docs/examples/kontuar.service')).text()

test('the unit keeps what Bun needs', () => {
  const lines = unit.split('\n')
  expect(lines).toContain('LimitNOFILE=65536')
  expect(lines.filter((line) => line.startsWith('MemoryDenyWriteExecute'))).toEqual([])
})

test.skipIf(!Bun.which('systemd-analyze'))('systemd finds nothing wrong with the unit', async () => {
  await using folder = await freshFolder()
  const path = join(folder.path, 'kontuar.service')
  // Neither the program nor its user need be on this machine.
  const here = unit.replace('/usr/local/bin/kontuar', '/bin/true').replace('User=kontuar', 'User=daemon')
  const verify = () => run(['/usr/bin/env', 'systemd-analyze', 'verify', path], [], { env: { PATH: '/usr/bin:/bin' } })
  await Bun.write(path, here)
  expect(await verify()).toEqual({ code: 0, stdout: '', stderr: '' })
  await Bun.write(path, here.replace('UMask=', 'UMasque='))
  expect((await verify()).stderr).toContain('UMasque')
})
