import { afterAll, beforeAll, expect, test } from 'bun:test'
import { join } from 'node:path'
import manifest from '../../package.json'
import { writeBill } from '../../src/build/bill-of-materials.ts'
import { freshFolder } from '../support/program.ts'

type Component = {
  type: string
  'bom-ref': string
  group?: string
  name: string
  version: string
  purl: string
  hashes: { alg: string; content: string }[]
  licenses: { license: { id?: string; name?: string } }[]
}
type Bill = Record<string, unknown> & {
  metadata: { component: Component }
  components: Component[]
  dependencies: { ref: string; dependsOn: string[] }[]
}

let folder: Awaited<ReturnType<typeof freshFolder>>
let bill: Bill
let text: string

beforeAll(async () => {
  folder = await freshFolder()
  const path = join(folder.path, 'bill.json')
  await writeBill(path)
  text = await Bun.file(path).text()
  bill = JSON.parse(text) as Bill
})

afterAll(() => folder[Symbol.asyncDispose]())

const fullName = ({ group, name }: Component): string => (group ? `${group}/${name}` : name)

test('the bill says that it is CycloneDX 1.5, and of what', () => {
  expect(bill).toMatchObject({
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    serialNumber: expect.stringMatching(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
    metadata: { component: { type: 'application', name: manifest.name, version: manifest.version } },
  })
})

test('every dependency of package.json is in it with its version, and Bun, and no tool that is not shipped', () => {
  const versions = Object.fromEntries(bill.components.map((one) => [fullName(one), one.version]))
  expect(versions).toMatchObject({ ...manifest.dependencies, bun: manifest.devDependencies.bun })
  for (const tool of Object.keys(manifest.devDependencies))
    if (tool !== 'bun') expect(versions).not.toHaveProperty(tool)
})

test('every component has what the schema and the reader ask for', () => {
  expect(bill.components.length).toBeGreaterThan(Object.keys(manifest.dependencies).length)
  for (const one of bill.components) {
    expect(['library', 'platform']).toContain(one.type)
    expect(one.purl).toBe(`pkg:npm/${fullName(one).replace('@', '%40')}@${one.version}`)
    expect(one.hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }])
    // Only licences that let us ship without publishing anything.
    expect(['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']).toContain(
      String(one.licenses[0]?.license.id),
    )
  }
})

test('references are unique, each leads to a component, and the house reaches all of them', () => {
  const root = bill.metadata.component['bom-ref']
  const refs = [root, ...bill.components.map((one) => one['bom-ref'])]
  expect(new Set(refs).size).toBe(refs.length)
  expect(bill.dependencies.map(({ ref }) => ref).toSorted()).toEqual(refs.toSorted())
  const reached = new Set([root])
  for (const ref of reached) {
    const { dependsOn } = bill.dependencies.find((one) => one.ref === ref) ?? { dependsOn: [] }
    expect(new Set(dependsOn).size).toBe(dependsOn.length)
    for (const to of dependsOn) reached.add(to)
  }
  expect([...reached].toSorted()).toEqual(refs.toSorted())
})

test('the bill is the same when made again', async () => {
  const again = join(folder.path, 'again.json')
  await writeBill(again)
  expect(await Bun.file(again).text()).toBe(text)
})
