import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { mostBytes } from '../../src/features/clients/api-parts.ts'
import { fieldNames } from '../../src/features/clients/told.ts'
import { keyRate } from '../../src/features/api-keys/index.ts'
import { longestExternalId } from '../../src/features/contacts/index.ts'
import { catalogues } from '../../src/catalogues/catalogues.ts'
import { type RefusalCode, refusals } from '../../src/platform/lib/refuse.ts'
import { statusColours } from '../../views/ui/status-colours.ts'
import { zoneColours } from '../../views/ui/zone-colours.ts'
import { ApiClient, type ApiJson } from '../support/api-client.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { quoted, sections, tables } from '../support/markdown.ts'

const page = await Bun.file(join(import.meta.dir, '../../docs/api.md')).text()
const all = sections(page)
const named = (title: string) => all.find(({ heading }) => heading === title)?.body ?? ''
const rows = (title: string, column: string) =>
  tables(named(title))
    .flat()
    .filter((row) => row[column] !== undefined)
const firstQuoted = (cell = ''): string => quoted(cell)[0] ?? ''

let house: TestHouse
let api: ApiClient

beforeAll(async () => {
  house = await openHouse()
  api = await ApiClient.of(house.url, 'Clara')
})
afterAll(() => house.close())

test('every command of docs/api.md answers as it says', async () => {
  const commands = [...page.matchAll(/```sh\n([\s\S]*?)# (\d{3})\n```/g)].map(([, command = '', status]) => ({
    command,
    status,
  }))
  expect(commands.length).toBe([...page.matchAll(/```sh/g)].length)
  const env = { ...process.env, KONTUAR_URL: house.url, KONTUAR_KEY: api.key }
  for (const { command, status } of commands) {
    const run = Bun.spawn(['sh', '-c', command.replaceAll('curl ', "curl -sS -o /dev/null -w '%{http_code}' ")], {
      env,
      stdout: 'pipe',
      stderr: 'pipe',
    })
    expect([command, await new Response(run.stdout).text()]).toEqual([command, status ?? ''])
  }
  const { json } = await api.get('contacts/K-1042')
  expect([json.zone, json.addresses.length]).toEqual(['north', 2])
}, 60_000)

test('the error that is shown is the one that is answered', async () => {
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as ApiJson
  expect((await api.put('orders/48214', { contact: 'K-9999', sumMinor: 'much' })).json).toEqual(shown)
})

describe('docs/api.md names', () => {
  test.each([
    ['Zones', fieldNames.zone],
    ['Contacts', fieldNames.contact],
    ['Orders', fieldNames.order],
    ['Container movements', fieldNames.movement],
  ])('every field of %s', (title, names) => {
    expect(rows(title, 'field').map((row) => firstQuoted(row.field))).toEqual([...names])
  })

  test('every colour', () => {
    const cell = (title: string, field: string) =>
      Object.values(rows(title, 'field').find((row) => firstQuoted(row.field) === field) ?? {})
    expect(quoted(cell('Zones', 'colour').join(' ')).slice(1)).toEqual([...zoneColours])
    expect(quoted(cell('Orders', 'statusColour').join(' ')).slice(1)).toEqual([...statusColours])
  })

  test('every code with its status', () => {
    for (const row of rows('What is refused', 'code'))
      expect([row.code, row.status]).toEqual([row.code, `${refusals[firstQuoted(row.code) as RefusalCode].status}`])
    const codes = Object.keys(catalogues.en.clients)
      .filter((key) => key.startsWith('field.'))
      .map((key) => key.slice('field.'.length))
    expect(
      rows('What is refused', 'code in `errors`')
        .map((row) => firstQuoted(row['code in `errors`']))
        .toSorted(),
    ).toEqual(codes.toSorted())
  })

  test('the limits', () => {
    const words = (value: number) => value.toLocaleString('en')
    expect(page).toContain(`at most ${words(mostBytes)} bytes`)
    expect(page).toContain(`${keyRate.perSecond} requests a second and ${words(keyRate.burst)} at once`)
    expect(page).toMatch(new RegExp(`at most ${longestExternalId}\\s+characters, percent-encoded`))
  })
})

describe('docs/openapi.json', () => {
  type Schema = { properties: Record<string, { enum?: string[]; maxLength?: number }>; enum?: string[] }
  const document = JSON.parse(readFileSync(join(import.meta.dir, '../../docs/openapi.json'), 'utf8')) as {
    paths: Record<string, Record<string, unknown>>
    components: { schemas: Record<string, Schema> }
  }
  const { schemas } = document.components

  test('has every field of everything, and every colour', () => {
    const kinds = { Zone: 'zone', Contact: 'contact', Order: 'order', ContainerMovement: 'movement' } as const
    for (const [name, kind] of Object.entries(kinds))
      expect([name, Object.keys(schemas[name]?.properties ?? {})]).toEqual([name, [...fieldNames[kind]]])
    expect(schemas.Zone?.properties.colour?.enum).toEqual([...zoneColours])
    expect(schemas.Order?.properties.statusColour?.enum).toEqual([...statusColours])
  })

  test('has every address, and no text may be longer than the server takes', async () => {
    expect(Object.keys(document.paths)).toEqual(
      ['zones', 'contacts', 'orders', 'container-movements'].map((path) => `/api/v1/${path}/{externalId}`),
    )
    const samples = { zones: 'Zone', contacts: 'Contact', orders: 'Order', 'container-movements': 'ContainerMovement' }
    for (const [path, name] of Object.entries(samples)) {
      for (const [field, { maxLength }] of Object.entries(schemas[name]?.properties ?? {})) {
        if (maxLength === undefined) continue
        const { json } = await api.put(`${path}/longest`, { [field]: 'x'.repeat(maxLength + 1) })
        expect([path, field, json.errors.find((one) => one.pointer === `/${field}`)?.code]).toEqual([
          path,
          field,
          'too_long',
        ])
        const fits = await api.put(`${path}/longest`, { [field]: 'x'.repeat(maxLength) })
        expect(JSON.stringify(fits.json)).not.toContain('too_long')
      }
    }
  })
})
