import { join, resolve } from 'node:path'
import { scripts } from './assets.ts'

const root = join(import.meta.dir, '../..')
const packages = join(root, 'node_modules')

type Manifest = { name: string; version: string; description?: string; license?: string }
type Locked = { dependencies?: Record<string, string>; peerDependencies?: Record<string, string> }
type LockFile = { packages: Record<string, [resolved: string, registry: string, about: Locked, integrity: string]> }

/** One package as the lock file names it: its integrity is `sha512-` and base64. */
type Part = Manifest & { needs: string[]; integrity: string }

/**
 * Writes the bill of materials of the executable, CycloneDX 1.5 in JSON (cyclonedx.org/docs/1.5/json): Bun, which runs
 * it, and the packages that its bundles and those of the browser take code from, with version, licence and checksum
 * from `bun.lock`. It holds no time, so that two builds of one commit agree.
 */
export async function writeBill(path: string): Promise<void> {
  const bill = await billOfMaterials()
  await Bun.write(path, `${JSON.stringify(bill, null, 2)}\n`)
}

async function billOfMaterials() {
  const house = (await Bun.file(join(root, 'package.json')).json()) as Manifest & { dependencies: object }
  const parts = await Promise.all([...(await bundledPackages()), 'bun'].toSorted().map(partOf))
  const included = new Map(parts.map((part) => [part.name, refOf(part)]))
  const refsOf = (names: string[]) => names.flatMap((name) => included.get(name) ?? []).toSorted()
  const content = {
    metadata: {
      tools: { components: [{ type: 'application', name: 'kontuar-build', version: house.version }] },
      component: {
        type: 'application',
        'bom-ref': refOf(house),
        name: house.name,
        version: house.version,
        description: house.description,
        licenses: licences(house),
        purl: refOf(house),
      },
    },
    components: parts.map(component),
    dependencies: [
      { ref: refOf(house), dependsOn: refsOf([...Object.keys(house.dependencies), 'bun']) },
      ...parts.map((part) => ({ ref: refOf(part), dependsOn: refsOf(part.needs) })),
    ],
  }
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${Bun.randomUUIDv5(JSON.stringify(content), 'url')}`,
    version: 1,
    ...content,
  }
}

/** The packages that anything in the executable was bundled from. */
async function bundledPackages(): Promise<Set<string>> {
  const bundles: [Bun.Target, string[]][] = [
    ['bun', ['src/main.ts', 'src/worker.ts']],
    ['browser', scripts.map(({ entry }) => entry)],
  ]
  const found = new Set<string>()
  for (const [target, entries] of bundles) {
    const entrypoints = entries.map((entry) => join(root, entry))
    const define = { 'process.env.NODE_ENV': '"production"' }
    const { metafile } = await Bun.build({
      entrypoints,
      target,
      root,
      define,
      minify: true,
      metafile: true,
      throw: true,
    })
    // Given as seen from the folder that the build was started in.
    for (const path of Object.keys(metafile?.inputs ?? {}).map((one) => resolve(one))) {
      if (!path.startsWith(`${packages}/`)) continue
      const [, name, within = ''] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(path.slice(packages.length + 1)) ?? []
      // A second version of a package would need its own line in the bill, which is read by name.
      if (within.includes('/node_modules/')) throw new Error(`${path} lies within another package`)
      if (name) found.add(name)
    }
  }
  return found
}

let lockFile: Promise<LockFile> | null = null

async function partOf(name: string): Promise<Part> {
  lockFile ??= Bun.file(join(root, 'bun.lock'))
    .text()
    .then((text) => Bun.JSONC.parse(text) as LockFile)
  const locked = (await lockFile).packages[name]
  const manifest = (await Bun.file(join(packages, name, 'package.json')).json()) as Manifest
  if (locked?.[0] !== `${name}@${manifest.version}`) throw new Error(`${name} is not installed as bun.lock names it`)
  const [, , about, integrity] = locked
  const needs = Object.keys({ ...about.dependencies, ...about.peerDependencies })
  return { ...manifest, needs, integrity }
}

const component = (part: Part) => {
  const [group, name] = part.name.startsWith('@') ? part.name.split('/') : [undefined, part.name]
  return {
    type: part.name === 'bun' ? 'platform' : 'library',
    'bom-ref': refOf(part),
    ...(group ? { group } : {}),
    name,
    version: part.version,
    scope: 'required',
    hashes: [
      { alg: 'SHA-512', content: Buffer.from(part.integrity.replace(/^sha512-/, ''), 'base64').toString('hex') },
    ],
    licenses: licences(part),
    purl: refOf(part),
  }
}

// Ids of the SPDX list; what a package calls its licence beside it stands in the bill as a name.
const spdx = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
])
const otherNames: Record<string, string> = { 'BSD-0-Clause': '0BSD' }

function licences({ name, license }: Manifest) {
  if (!license) throw new Error(`${name} names no licence`)
  const id = otherNames[license] ?? license
  return [{ license: spdx.has(id) ? { id } : { name: id } }]
}

/** A package URL (github.com/package-url/purl-spec), by which the parts of the bill refer to each other, too. */
const refOf = ({ name, version }: Manifest) => `pkg:npm/${name.replace('@', '%40')}@${version}`
