import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { editsOf, keepContact } from '../../src/features/contacts/index.ts'
import type { AgentActor } from '../../src/features/conversations/index.ts'
import {
  arrive,
  blockVisitor,
  contactsOf,
  editPerson,
  factsOf,
  introduceVisitor,
  keepVisitor,
  knowVisitor,
  standingOf,
  type Visit,
  type VisitorActor,
  visitorsOfContact,
} from '../../src/features/visitors/index.ts'
import { keepSeen } from '../../src/features/visitors/keep-seen.ts'
import { visitors } from '../../src/features/visitors/schema.ts'
import { db } from '../../src/platform/db/open.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { isRefusedAsTaken } from '../support/taken.ts'
import { texts } from './values.ts'

let house: TestHouse

beforeAll(async () => {
  house = await openHouse()
})
afterAll(() => house.close())

const keep = (visitor: VisitorActor) => write((tx) => keepVisitor(tx, visitor))
const kept = ({ visitorId }: VisitorActor) => db.select().from(visitors).where(eq(visitors.id, visitorId))

test('a visitor is kept once, however many messages are their first', async () => {
  const boris = newVisitor(house.site.id)
  await Promise.all(Array.from({ length: 16 }, () => keep(boris)))
  const { visitorId, siteId, tokenHash } = boris
  const createdAt = expect.any(Number)
  const unheard = { page: null, referrer: null, language: null, timeZone: null, userAgent: null, lastSeenAt: null }
  const unknown = { contactId: null, verifiedAt: null, blockedAt: null, ...unheard }
  expect(await kept(boris)).toEqual([{ id: visitorId, siteId, tokenHash, ...unknown, createdAt }])
})

test('a visitor belongs to a site that is there', async () => {
  expect(await refusalOf(keep(newVisitor(newId())))).not.toBeNull()
})

test('a token stands for one visitor, by the database itself', async () => {
  const boris = newVisitor(house.site.id)
  await keep(boris)
  const [row] = await kept(boris)
  expect(await isRefusedAsTaken(write((tx) => tx.insert(visitors).values({ ...row!, id: newId() })))).toBe(true)
})

test('a thousand visitors are looked up at once, and those who are known are named', async () => {
  const boris = newVisitor(house.site.id)
  await keep(boris)
  await write(async (tx) => knowVisitor(tx, boris.visitorId, await keepContact(tx, { name: 'Борис' })))
  const found = await contactsOf([...Array.from({ length: 1000 }, newId), boris.visitorId])
  expect([...found]).toEqual([[boris.visitorId, { id: expect.any(String), name: 'Борис', email: null, phone: null }]])
})

const visit: Visit = {
  page: { url: 'https://shop.example/água?q=1', title: texts[1] ?? '' },
  referrer: 'https://search.example/',
  language: 'pl-PL',
  timeZone: 'Europe/Warsaw',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
  attributes: { plan: 'gold' },
}

test('what a browser says of itself is kept with the first message, and what the page says of it is not', async () => {
  const boris = newVisitor(house.site.id)
  arrive(boris, 'here', visit, false)
  await keep(boris)
  const { attributes, ...said } = visit
  expect(await kept(boris)).toMatchObject([{ ...said, lastSeenAt: null }])
  expect(JSON.stringify(await kept(boris))).not.toContain('gold')
  expect(await factsOf(boris.visitorId)).toMatchObject({ ...said, attributes, online: true, blockedAt: null })
  expect(await factsOf(newId())).toBeNull()
})

test('when and where two hundred were last seen is kept in one write; an older word changes nothing, and nobody is made', async () => {
  const [boris, stranger] = [newVisitor(house.site.id), newVisitor(house.site.id)]
  await keep(boris)
  const many = await Promise.all(
    Array.from({ length: 200 }, async () => {
      const visitor = newVisitor(house.site.id)
      await keep(visitor)
      return visitor
    }),
  )
  await keepSeen([boris, stranger, ...many].map(({ visitorId }) => ({ visitorId, at: 2000, visit })))
  const nothing = { ...visit, page: null, language: null, timeZone: null, userAgent: null }
  await keepSeen([{ visitorId: boris.visitorId, at: 1000, visit: { ...visit, language: 'ru' } }])
  await keepSeen([{ visitorId: boris.visitorId, at: 3000, visit: nothing }])
  const { page, language, timeZone, userAgent } = visit
  // Where it came from at first is what it said with its first message: nothing.
  const expected = { page, language, timeZone, userAgent, referrer: null }
  expect(await kept(boris)).toMatchObject([{ ...expected, lastSeenAt: 3000 }])
  expect(await kept(many.at(-1)!)).toMatchObject([{ ...expected, lastSeenAt: 2000 }])
  expect(await kept(stranger)).toEqual([])
})

describe('what is known of somebody', () => {
  let anna: AgentActor
  let pavel: AgentActor
  beforeAll(async () => {
    anna = await hire('Anna')
    pavel = await hire('Pavel')
  })

  const written = async () => {
    const visitor = newVisitor(house.site.id)
    await keep(visitor)
    return visitor.visitorId
  }
  const edit = (agent: AgentActor, visitorId: string, field: string, value: string, was: string | null) =>
    editPerson(agent, visitorId, { field, value, was })

  test('begins with the first thing that an agent writes, and is changed field by field, with who did it', async () => {
    const visitorId = await written()
    expect(await edit(anna, visitorId, 'name', '  ', null)).toBeNull()
    const contact = await edit(anna, visitorId, 'name', ' Борис   Иванов ', null)
    expect(contact).toMatchObject({ name: 'Борис Иванов', email: null })
    expect(await edit(pavel, visitorId, 'email', 'Boris@Mail.example', null)).toMatchObject({
      emailFolded: 'boris@mail.example',
    })
    await edit(pavel, visitorId, 'name', '', 'Борис Иванов')
    expect(await visitorsOfContact(contact!.id)).toEqual([visitorId])
    const edits = await editsOf(contact!.id, 10)
    expect(edits.map(({ agentId, field, before, after }) => [agentId, field, before, after])).toEqual([
      [pavel.agentId, 'name', 'Борис Иванов', null],
      [pavel.agentId, 'email', null, 'Boris@Mail.example'],
      [anna.agentId, 'name', null, 'Борис Иванов'],
    ])
    expect(await editsOf(contact!.id, 1)).toEqual(edits.slice(0, 1))
  })

  test.each([
    ['name', 'x'.repeat(101), 'name_invalid'],
    ['name', 'bell\u0007', 'name_invalid'],
    ['email', 'nobody', 'email_invalid'],
    ['phone', 'call me', 'phone_invalid'],
    ['verifiedAt', '1', 'bad_request'],
    ['constructor', 'x', 'bad_request'],
  ])('%s is never %j', async (field, value, code) => {
    const visitorId = await written()
    expect(await refusalOf(edit(anna, visitorId, field, value, null))).toBe(code)
    expect((await contactsOf([visitorId])).size).toBe(0)
  })

  test('is of nobody who has not written', async () => {
    expect(await refusalOf(edit(anna, newId(), 'name', 'Boris', null))).toBe('not_found')
    expect(await refusalOf(blockVisitor(newId(), true))).toBe('not_found')
  })

  test('of sixteen who write a name at once one is heard, the others are told, and the same name twice is no quarrel', async () => {
    const visitorId = await written()
    for (const round of [1, 2]) {
      const was = (await contactsOf([visitorId])).get(visitorId)?.name ?? null
      const names = Array.from({ length: 16 }, (_, n) => `Name ${round} ${n}`)
      const outcomes = await Promise.all(
        names.map((name, n) => refusalOf(edit(n % 2 === 0 ? anna : pavel, visitorId, 'name', name, was))),
      )
      expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(1)
      expect(outcomes.filter((outcome) => outcome === 'edited_meanwhile')).toHaveLength(15)
      const contact = (await contactsOf([visitorId])).get(visitorId)
      expect(contact?.name).toBe(names[outcomes.indexOf(null)] ?? '')
      // Each change begins where the one before it ended, and the last is what stands there.
      const edits = (await editsOf(contact?.id ?? '', 50)).toReversed()
      expect(edits.map(({ before }) => before)).toEqual([null, ...edits.slice(0, -1).map(({ after }) => after)])
      expect(edits.at(-1)?.after).toBe(contact?.name ?? null)
      expect(await refusalOf(edit(pavel, visitorId, 'name', contact?.name ?? '', 'something else'))).toBeNull()
    }
  })

  test('an agent and the visitor at once: the agent is told, or the visitor has the last word', async () => {
    for (let round = 0; round < 8; round++) {
      const visitorId = await written()
      await edit(anna, visitorId, 'name', 'Boris', null)
      const [refused] = await Promise.all([
        refusalOf(edit(anna, visitorId, 'name', 'Boris Ivanov', 'Boris')),
        write((tx) => introduceVisitor(tx, visitorId, { name: 'Борис' })),
      ])
      expect([null, 'edited_meanwhile']).toContain(refused as null)
      expect((await contactsOf([visitorId])).get(visitorId)?.name).toBe('Борис')
    }
  })

  test('a visitor is blocked and let in again, once each however many press', async () => {
    const visitorId = await written()
    await Promise.all(Array.from({ length: 8 }, () => blockVisitor(visitorId, true)))
    expect(await standingOf(visitorId)).toMatchObject({ blocked: true })
    await blockVisitor(visitorId, false)
    expect(await standingOf(visitorId)).toMatchObject({ blocked: false })
  })
})
