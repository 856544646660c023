import { expect, test } from 'bun:test'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { complaints } from '../support/dockerfile-rules.ts'
import { stagesOf } from '../support/dockerfile.ts'
import { executable } from '../support/executable.ts'
import { buildImage, startContainer } from '../support/image.ts'
import { besideTheSources, freshFolder, run, until } from '../support/program.ts'
import { mayMakeMachines, testIf } from '../support/rights.ts'

const context = join(import.meta.dir, '../..')
const dockerfile = await Bun.file(join(context, 'Dockerfile')).text()

test('nothing is wrong with the Dockerfile', () => {
  expect(complaints(dockerfile, context)).toEqual([])
})

test.each([
  ['FROM debian:bookworm-slim', 'FROM debian', 'debian: name a version'],
  ['FROM debian:bookworm-slim', 'FROM debian:latest', 'debian:latest: name a version'],
  ['USER kontuar', '', 'it runs as root'],
  ['USER kontuar', 'USER root:root', 'it runs as root'],
  ['VOLUME /data', '', 'no VOLUME'],
  ['ENTRYPOINT ["kontuar"]', 'ENTRYPOINT kontuar', 'in this form a shell gets the signals'],
  ['CMD ["serve"]', "CMD ['serve']", 'in this form a shell gets the signals'],
  ['CMD ["kontuar", "healthcheck"]', 'CMD kontuar healthcheck', 'in this form a shell is needed'],
  ['--interval=30s', '--intervall=30s', 'Unknown flag: intervall'],
  ['--timeout=5s', '--timeout=5', 'missing unit in duration'],
  ['COPY src src', 'ADD src src', 'COPY says what it does'],
  ['COPY src src', 'COPY src sources more/', 'there is no sources'],
  ['COPY src src', 'COPY . .', 'all may hold data and keys'],
  ['COPY --from=build', 'COPY --from=builder', 'there is no stage builder'],
  ['WORKDIR /kontuar', 'WORKDIR kontuar', 'WORKDIR from the root'],
  ['RUN npm run build', 'RUN apt-get install -y git', 'without --no-install-recommends'],
  ['RUN npm run build', 'RUN apt-get -y install --no-install-recommends git', 'apt leaves its lists'],
  ['RUN npm run build', 'RUNN npm run build', 'Unknown instruction: RUNN'],
])('of "%s" made "%s" it is said: %s', (from, to, complaint) => {
  expect(dockerfile).toContain(from)
  expect(complaints(dockerfile.replace(from, to), context).join('\n')).toContain(complaint)
})

testIf({ rights: mayMakeMachines }, 'the Dockerfile')(
  'what the Dockerfile copies is enough to build from, and its image serves, is healthy and stops when told to',
  async () => {
    await using folder = await freshFolder(besideTheSources)
    const lent = { '/kontuar/node_modules': join(context, 'node_modules') }
    const image = await buildImage(stagesOf(dockerfile), { context, folder: folder.path, lent })
    expect(image.noise).toBe('')
    // With a file missing it would be another.
    const compared = await run(['/usr/bin/cmp'], [await executable(), join(image.root, 'usr/local/bin/kontuar')])
    expect(compared).toEqual({ code: 0, stdout: '', stderr: '' })

    await using container = await startContainer(image)
    const health = () => container.exec(image.healthcheck)
    await until(async () => (await health()).code === 0 || null)
    expect((await health()).stdout).toContain('"ready":true')

    const status = await readFile(`/proc/${container.pid}/status`, 'utf8')
    expect(status).toMatch(/^Uid:\t10001\t10001\t10001\t10001$/m)
    expect(status).toMatch(/^CapEff:\t0{16}$/m)
    expect(status).toMatch(/^NSpid:\t\d+\t1$/m)
    // Port 3000 of every address, or no port could be published.
    expect(await readFile(`/proc/${container.pid}/net/tcp`, 'utf8')).toMatch(/ 00000000:0BB8 00000000:0000 0A /)

    expect((await container.exec(['/usr/bin/touch', '/data/new', '/new'])).stderr).toMatch(
      /^\S+ cannot touch '\/new': Read/,
    )
    const sites = await container.exec(['kontuar', 'site', 'list', '--json'])
    expect(sites).toEqual({ code: 0, stdout: '[]\n', stderr: '' })
    const inside = (path: string) => run(['/usr/bin/stat', '--format=%u %a', join(image.root, path)], [])
    expect((await inside('data')).stdout).toBe('10001 700\n')
    expect((await inside('data/secret.key')).stdout).toBe('10001 600\n')

    const { code, stdout, stderr } = await container.stop()
    expect([code, stdout]).toEqual([0, expect.stringContaining('Set-up link')])
    expect(stderr).not.toMatch(/"level":"(warn|error)"/)
    expect(stderr).toContain('"message":"stopped"')
  },
  120_000,
)
