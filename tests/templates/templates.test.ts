import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { ConversationRow } from '../../src/features/conversations/index.ts'
import { findConversation } from '../../src/features/conversations/index.ts'
import { keepContact } from '../../src/features/contacts/index.ts'
import { sendMessage } from '../../src/features/messages/index.ts'
import { listChanges } from '../../src/features/settings/index.ts'
import { createSite } from '../../src/features/sites/index.ts'
import {
  bringInTemplates,
  changeTemplate,
  countUse,
  createTemplate,
  duplicateTemplate,
  factsFor,
  listTemplates,
  moveTemplate,
  offeredTemplates,
  removeTemplate,
  type TemplateRow,
  usesOfTemplates,
} from '../../src/features/templates/index.ts'
import { knowVisitor } from '../../src/features/visitors/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { holdClock } from '../../src/platform/lib/clock.ts'
import { newId } from '../../src/platform/lib/id.ts'
import { on } from '../../src/platform/live/bus.ts'
import { formatPosition } from '../../views/templates/position.ts'
import { nobodys, texts } from '../contract/values.ts'
import { hire, newVisitor } from '../support/cast.ts'
import { openHouse, type TestHouse } from '../support/house.ts'
import { refusalOf } from '../support/refusal.ts'
import { newClientId } from '../support/visitor-client.ts'
import { eventually } from '../support/waiting.ts'

let house: TestHouse
let clara: { agentId: string; role: 'admin' }
let anna: Awaited<ReturnType<typeof hire>>

beforeAll(async () => {
  house = await openHouse()
  const { agentId } = await hire('Clara', 'admin')
  clara = { agentId, role: 'admin' }
  anna = await hire('Anna')
})
afterAll(() => house.close())
afterEach(() => holdClock())
beforeEach(async () => {
  for (const { id } of await listTemplates()) await removeTemplate(clara, id, true)
})

const make = (name: string, position: string | null = null, more: object = {}): Promise<TemplateRow> =>
  createTemplate(clara, { name, text: `${name}.`, position, ...more })
const inList = async () => (await listTemplates()).map(({ name, position }) => `${formatPosition(position)} ${name}`)
const changesOf = async (id: string) =>
  (await listChanges('templates', null, 100)).filter(({ subjectId }) => subjectId === id)

describe('a template', () => {
  test.each(texts.filter((text) => !/\{\{|\}\}/.test(text) && text.length <= 8000))(
    'comes back as it was written: %j',
    async (text) => {
      const given = text.trim() === '' ? `${text}x` : text
      const made = await createTemplate(clara, { name: 'Words', text: given, shortcut: '#слово', locale: 'ru' })
      expect(await listTemplates()).toEqual([made])
      expect(made).toMatchObject({
        text: given.replaceAll('\r\n', '\n'),
        shortcut: 'слово',
        locale: 'ru',
        visible: true,
      })
    },
  )

  test('stands in order of its position, equal ones by name, and without one behind all others', async () => {
    await make('Third', '2')
    await make('Б equal', '1,5')
    await make('а equal', '1.5')
    await make('First', '1')
    expect(await inList()).toEqual(['1 First', '1.5 а equal', '1.5 Б equal', '2 Third'])
    await make('Last')
    expect((await inList()).at(-1)).toBe('3 Last')
  })

  test.each([
    [{ name: ' ' }, 'name_missing'],
    [{ name: 'x'.repeat(101) }, 'name_invalid'],
    [{ text: '' }, 'text_missing'],
    [{ text: 'x'.repeat(8001) }, 'text_too_long'],
    [{ text: 'a\0b' }, 'text_invalid'],
    [{ text: 'Hi {{contact.nmae}}' }, 'placeholder_unknown'],
    [{ text: 'Hi {{contact.name' }, 'placeholder_unknown'],
    [{ position: 'first' }, 'position_invalid'],
    [{ position: '-1' }, 'position_invalid'],
    [{ shortcut: 'two words' }, 'shortcut_invalid'],
    [{ shortcut: 'x'.repeat(41) }, 'shortcut_invalid'],
    [{ locale: 'klingon' }, 'language_unknown'],
    [{ siteIds: [newId()] }, 'site_unknown'],
    [{ siteIds: ['__proto__'] }, 'site_unknown'],
  ])('is not made of %j, nor changed into it', async (input, code) => {
    const kept = await make('Kept', '1')
    expect(await refusalOf(createTemplate(clara, { name: 'New', text: 'New.', ...input }))).toBe(code)
    expect(await refusalOf(changeTemplate(clara, kept.id, input))).toBe(code)
    expect(await listTemplates()).toEqual([kept])
  })

  test('is changed in what is given alone; who changed what is kept, and open consoles hear of it', async () => {
    const told: string[] = []
    on('templates.changed', ({ ids }) => void told.push(...ids))
    const { id } = await make('Hello', '1')
    await changeTemplate(clara, id, { text: 'Good day.' })
    await changeTemplate(clara, id, { text: 'Good day.' })
    await changeTemplate(clara, id, { visible: false, position: '4,5', siteIds: [house.site.id] })
    expect(await listTemplates()).toMatchObject([
      { name: 'Hello', text: 'Good day.', visible: false, position: 4500000 },
    ])
    expect(await changesOf(id)).toMatchObject([
      {
        kind: 'changed',
        fields: {
          visible: { before: true, after: false },
          position: { before: '1', after: '4.5' },
          sites: { before: null, after: ['Water'] },
        },
      },
      { kind: 'changed', fields: { text: { before: 'Hello.', after: 'Good day.' } } },
      { kind: 'created', agentId: clara.agentId, subject: 'Hello' },
    ])
    await eventually(() => told.filter((one) => one === id), Array(3).fill(id))
  })

  test('of those that are brought in at once each is as it was given', async () => {
    const made = await make('Model', '1', { siteIds: [house.site.id], shortcut: 'm', locale: 'ru', visible: false })
    const rows = Array.from({ length: 101 }, (_, n) => ({ ...made, id: newId(), position: (n + 2) * 1_000_000 }))
    await write((tx) => bringInTemplates(tx, rows))
    expect(await listTemplates()).toEqual([made, ...rows])
  })

  test('that somebody else has changed meanwhile is not written over, wherever it was moved to', async () => {
    const { id, changedAt } = await make('Hello', '1')
    await make('Other', '2')
    const other = (await listTemplates())[1]?.id ?? ''
    await moveTemplate(clara, id, other)
    await changeTemplate(clara, id, { text: 'Second.' }, changedAt)
    expect(await refusalOf(changeTemplate(clara, id, { text: 'Third.' }, changedAt))).toBe('edited_meanwhile')
    expect(await refusalOf(changeTemplate(clara, id, { text: 'Second.' }, changedAt))).toBeNull()
    expect((await listTemplates())[1]).toMatchObject({ id, text: 'Second.' })
  })

  test('is taken away, is offered no more, and comes back where it stood', async () => {
    const { id } = await make('Hello', '1')
    await make('Other', '2')
    await removeTemplate(clara, id, true)
    await removeTemplate(clara, id, true)
    expect(await inList()).toEqual(['2 Other'])
    await removeTemplate(clara, id, false)
    expect(await inList()).toEqual(['1 Hello', '2 Other'])
    expect((await changesOf(id)).map(({ kind }) => kind)).toEqual(['restored', 'removed', 'created'])
  })

  test('that was taken away while somebody was writing in it comes back with their words', async () => {
    const { id, changedAt } = await make('Hello', '1')
    await removeTemplate(clara, id, true)
    await changeTemplate(clara, id, { text: 'Still here.' }, changedAt)
    expect(await listTemplates()).toMatchObject([{ id, text: 'Still here.', removedAt: null }])
    expect((await changesOf(id)).map(({ kind }) => kind)).toEqual(['changed', 'restored', 'removed', 'created'])
  })

  test('has a copy right behind it, not offered yet', async () => {
    const { id } = await make('Hello', '1', { locale: 'en', shortcut: 'hi', siteIds: [house.site.id] })
    await make('Next', '2')
    const copy = await duplicateTemplate(clara, id, ' (copy)')
    expect(copy).toMatchObject({ name: 'Hello (copy)', text: 'Hello.', locale: 'en', shortcut: null, visible: false })
    expect(copy.siteIds).toEqual([house.site.id])
    expect(await inList()).toEqual(['1 Hello', '1.5 Hello (copy)', '2 Next'])
    const long = await make('x'.repeat(100))
    expect((await duplicateTemplate(clara, long.id, ' (copy)')).name).toHaveLength(100)
  })

  test.each(nobodys)('%j is none', async (id) => {
    expect(await refusalOf(changeTemplate(clara, id as string, { name: 'x' }))).toBe('not_found')
    expect(await refusalOf(moveTemplate(clara, id as string, null))).toBe('not_found')
    expect(await refusalOf(removeTemplate(clara, id as string, true))).toBe('not_found')
    expect(await refusalOf(duplicateTemplate(clara, id as string, ''))).toBe('not_found')
  })

  test('is not made, changed, moved, copied or taken away by an agent', async () => {
    const kept = await make('Kept', '1')
    const agent = { agentId: anna.agentId, role: 'agent' } as const
    const tries = [
      createTemplate(agent, { name: 'x', text: 'x' }),
      changeTemplate(agent, kept.id, { name: 'x' }),
      moveTemplate(agent, kept.id, null),
      duplicateTemplate(agent, kept.id, ''),
      removeTemplate(agent, kept.id, true),
    ]
    expect(await Promise.all(tries.map(refusalOf))).toEqual(Array(5).fill('forbidden'))
    expect(await listTemplates()).toEqual([kept])
  })
})

describe('moving', () => {
  test('writes a decimal between the new neighbours', async () => {
    const [one, two, three] = [await make('One', '1'), await make('Two', '2'), await make('Three', '3')]
    await moveTemplate(clara, three.id, one.id)
    expect(await inList()).toEqual(['1 One', '1.5 Three', '2 Two'])
    await moveTemplate(clara, two.id, null)
    expect(await inList()).toEqual(['0.5 Two', '1 One', '1.5 Three'])
    await moveTemplate(clara, two.id, three.id)
    expect(await inList()).toEqual(['1 One', '1.5 Three', '2 Two'])
    await moveTemplate(clara, two.id, three.id)
    expect(await inList()).toEqual(['1 One', '1.5 Three', '2 Two'])
  })

  test('makes room where there is none, and leaves what stands in front as it is', async () => {
    const [, b, moved] = [await make('A', '3'), await make('B', '3'), await make('Moved', '9')]
    await make('C', '3')
    await moveTemplate(clara, moved.id, b.id)
    const list = await inList()
    expect(list.map((line) => line.split(' ')[1])).toEqual(['A', 'B', 'Moved', 'C'])
    expect(list.slice(0, 2)).toEqual(['3 A', '3 B'])
  })

  test('behind one that is gone is refused', async () => {
    const [one, two] = [await make('One', '1'), await make('Two', '2')]
    await removeTemplate(clara, one.id, true)
    expect(await refusalOf(moveTemplate(clara, two.id, one.id))).toBe('not_found')
    expect(await refusalOf(moveTemplate(clara, one.id, null))).toBe('not_found')
    expect(await inList()).toEqual(['2 Two'])
  })

  test('of sixteen who move at once each is heard, and no two come to stand in one place', async () => {
    const all = await Promise.all(Array.from({ length: 16 }, (_, n) => make(`T${n}`, '1')))
    const first = all[0]?.id ?? ''
    await Promise.all(all.slice(1).map(({ id }) => moveTemplate(clara, id, first)))
    const list = await listTemplates()
    expect(new Set(list.map(({ position }) => position)).size).toBe(16)
    expect(list[0]?.id).toBe(first)
  })
})

describe('a template is offered', () => {
  test('when it is visible, on its own sites', async () => {
    const other = await write((tx) => createSite(tx, { name: 'Other' }))
    await make('Everywhere', '1')
    await make('Hidden', '2', { visible: false })
    await make('Here', '3', { siteIds: [house.site.id] })
    await make('There', '4', { siteIds: [other.id] })
    const offered = async (siteId: string) => (await offeredTemplates(siteId)).map(({ name }) => name)
    expect(await offered(house.site.id)).toEqual(['Everywhere', 'Here'])
    expect(await offered(other.id)).toEqual(['Everywhere', 'There'])
  })

  test('and its uses of thirty days are counted, today among them', async () => {
    const day = 24 * 60 * 60 * 1000
    const today = 20_000 * day
    const { id } = await make('Hello', '1')
    for (const [at, times] of [
      [today - 30 * day, 1],
      [today - 29 * day, 2],
      [today, 3],
    ] as const) {
      holdClock(() => at)
      for (let n = 0; n < times; n++) await countUse(id, house.site.id)
    }
    expect(await usesOfTemplates()).toEqual(new Map([[id, 5]]))
    holdClock(() => today + day)
    expect((await usesOfTemplates()).get(id)).toBe(3)
  })

  test('of sixteen uses at once each counts; of one that is not offered none does', async () => {
    const { id } = await make('Hello', '1')
    await Promise.all(Array.from({ length: 16 }, () => countUse(id, house.site.id)))
    expect((await usesOfTemplates()).get(id)).toBe(16)
    const hidden = await make('Hidden', '2', { visible: false })
    expect(await refusalOf(countUse(hidden.id, house.site.id))).toBe('not_found')
    expect(await refusalOf(countUse(newId(), house.site.id))).toBe('not_found')
    expect((await usesOfTemplates()).get(hidden.id)).toBeUndefined()
  })
})

describe('what it is filled with', () => {
  async function talk(): Promise<ConversationRow> {
    const ack = await sendMessage(newVisitor(house.site.id), { clientId: newClientId(), body: 'Hello' })
    return (await findConversation(ack.conversationId)) as ConversationRow
  }

  test('of somebody unknown are the agent and the site', async () => {
    const conversation = await talk()
    expect(await factsFor(conversation, anna)).toEqual({
      'agent.name': 'Anna',
      'site.name': 'Water',
      'zone.name': null,
    })
  })

  test('of a client are their name and what they have ordered and owe', async () => {
    const conversation = await talk()
    await write(async (tx) => knowVisitor(tx, conversation.visitorId, await keepContact(tx, { name: 'Boris' })))
    expect(await factsFor(conversation, anna)).toMatchObject({
      ...{ 'contact.name': 'Boris', 'order.number': null, 'order.status': null, 'containers.owed': '0' },
    })
  })

  test('what was not filled is refused from an agent, and is words from a visitor', async () => {
    const { id, visitorId } = await talk()
    const answer = (body: string) => refusalOf(sendMessage(anna, { clientId: newClientId(), body, conversationId: id }))
    expect(await answer('Your order {{order.number}} is on its way')).toBe('placeholder_unfilled')
    expect(await answer('Hi {{ contact.name | there }}')).toBe('placeholder_unfilled')
    expect(await answer('In our shop system {{sku}} means the number {{ }}')).toBeNull()
    const said = sendMessage(newVisitor(house.site.id), {
      clientId: newClientId(),
      body: '{{agent.name}} {{order.number}}',
    })
    expect(await refusalOf(said)).toBeNull()
    const name = '{{agent.name}}'
    await write(async (tx) => knowVisitor(tx, visitorId, await keepContact(tx, { name })))
    const conversation = (await findConversation(id)) as ConversationRow
    expect((await factsFor(conversation, anna))['contact.name']).toBe(name)
  })
})
