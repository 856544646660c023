import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import type { AgentActor } from '../../src/features/conversations/index.ts'
import { type About, addNote, changeNote, notesOn, removeNote } from '../../src/features/notes/index.ts'
import { editPerson, keepVisitor, knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { on } from '../../src/platform/live/bus.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { eventually } from '../support/waiting.ts'
import { texts } from './values.ts'

let house: TestHouse
let anna: AgentActor
let pavel: AgentActor
let boris: About

beforeAll(async () => {
  house = await openHouse()
  anna = await hire('Anna')
  pavel = await hire('Pavel')
})
afterAll(() => house.close())
beforeEach(async () => {
  boris = { visitorId: await written(), contactId: null }
})

async function written(): Promise<string> {
  const visitor = newVisitor(house.site.id)
  await write((tx) => keepVisitor(tx, visitor))
  return visitor.visitorId
}

const bodies = async (about: About) => (await notesOn(about)).map(({ body }) => body)

test.each(texts.filter(({ length }) => length <= 4000))('a note comes back as it was written: %j', async (text) => {
  const body = text.trim() === '' ? `${text}x` : text
  const note = await addNote(anna, boris, body)
  expect(await notesOn(boris)).toEqual([note])
  expect(note).toMatchObject({ body, agentId: anna.agentId, visitorId: boris.visitorId, changedAt: null })
})

test.each([
  ['  ', 'text_missing'],
  [7, 'text_missing'],
  ['x'.repeat(4001), 'text_too_long'],
  ['a\0b', 'text_invalid'],
])('%j is no note', async (body, code) => {
  expect(await refusalOf(addNote(anna, boris, body))).toBe(code)
  const { id } = await addNote(anna, boris, 'Calls first')
  expect(await refusalOf(changeNote(boris, id, { body, was: 'Calls first' }))).toBe(code)
  expect(await bodies(boris)).toEqual(['Calls first'])
})

test('a note stays with somebody who becomes known, and is on the person whichever browser they have', async () => {
  await addNote(anna, boris, 'Before anybody knew')
  const contact = await editPerson(anna, boris.visitorId, { field: 'name', value: 'Boris', was: null })
  const known = { visitorId: boris.visitorId, contactId: contact?.id ?? '' }
  await addNote(pavel, known, 'Since then')
  const phone = await written()
  await write((tx) => knowVisitor(tx, phone, contact!))
  const byPhone = { visitorId: phone, contactId: known.contactId }
  await addNote(pavel, byPhone, 'By phone')
  const all = ['By phone', 'Since then', 'Before anybody knew']
  expect(await bodies(known)).toEqual(all)
  expect(await bodies(byPhone)).toEqual(all)
  expect(await bodies({ visitorId: await written(), contactId: null })).toEqual([])
})

test('a note is changed, taken away and brought back, and whoever looks is told', async () => {
  const told: string[][] = []
  on('notes.changed', ({ visitorIds }) => void told.push(visitorIds))
  const { id } = await addNote(anna, boris, 'Calls first')
  await changeNote(boris, id, { body: 'Calls half an hour before', was: 'Calls first' })
  expect(await notesOn(boris)).toMatchObject([{ body: 'Calls half an hour before', changedAt: expect.any(Number) }])
  await removeNote(boris, id, true)
  await removeNote(boris, id, true)
  expect(await notesOn(boris)).toEqual([])
  await removeNote(boris, id, false)
  expect(await bodies(boris)).toEqual(['Calls half an hour before'])
  await eventually(() => told, Array(4).fill([boris.visitorId]))
})

test('of sixteen who change a note at once one is heard and the others are told', async () => {
  const { id } = await addNote(anna, boris, 'First')
  const words = Array.from({ length: 16 }, (_, n) => `Words ${n}`)
  const outcomes = await Promise.all(words.map((body) => refusalOf(changeNote(boris, id, { body, was: 'First' }))))
  expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'edited_meanwhile')).toHaveLength(15)
  expect(await bodies(boris)).toEqual([words[outcomes.indexOf(null)] ?? ''])
})

test('a note that was taken away while somebody was writing in it comes back with their words', async () => {
  const { id } = await addNote(anna, boris, 'First')
  await removeNote(boris, id, true)
  await changeNote(boris, id, { body: 'Second', was: 'First' })
  expect(await bodies(boris)).toEqual(['Second'])
})

test('a note on somebody else is out of reach, and so is one that is none', async () => {
  const { id } = await addNote(anna, boris, 'On Boris')
  const clara = { visitorId: await written(), contactId: null }
  expect(await refusalOf(changeNote(clara, id, { body: 'x', was: 'On Boris' }))).toBe('not_found')
  expect(await refusalOf(removeNote(clara, id, true))).toBe('not_found')
  expect(await refusalOf(removeNote(boris, newId(), true))).toBe('not_found')
  expect(await bodies(boris)).toEqual(['On Boris'])
})
