import type { By, CardAsked, CardData } from '../../../views/console/card-data.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { listAgents } from '../agents/index.ts'
import { type ContactEdit, editsOf } from '../contacts/index.ts'
import { type ConversationRow, conversationsOfAll } from '../conversations/index.ts'
import { type About, notesOn } from '../notes/index.ts'
import { listSites } from '../sites/index.ts'
import { browserOf, factsOf, linkOf, visitorsOfContact } from '../visitors/index.ts'
import { db } from '../../platform/db/open.ts'
import { clientOf, orderCursorOf } from './card-client-queries.ts'
import { contactOf } from './queries.ts'

const firstPast = 5
const mostPast = 200
const mostEdits = 50

/** What of an address is about the conversation or the card; the rest belongs to the list beside them. */
const notOfTheList = ['at', 'stream', 'show', 'past', 'history', 'more', 'orders']

/** What a card asks for. Refuses `bad_request`. */
export function askedCard(query: Record<string, string | undefined>): CardAsked {
  const past = query.past ?? `${firstPast}`
  if (!/^\d{1,3}$/.test(past)) throw refuse('bad_request')
  if (query.orders && !orderCursorOf(query.orders)) throw refuse('bad_request')
  const ofList = Object.entries(query).filter(([name, value]) => value !== undefined && !notOfTheList.includes(name))
  return {
    past: Math.min(mostPast, Number(past)),
    history: query.history === '1',
    more: query.more === '1',
    orders: query.orders ?? '',
    list: new URLSearchParams(ofList as [string, string][]).toString(),
  }
}

/** Whom notes and changes in this conversation are about. */
export async function aboutOf(conversation: ConversationRow): Promise<About> {
  const contact = await contactOf(conversation)
  return { visitorId: conversation.visitorId, contactId: contact?.id ?? null }
}

/** What is known of somebody, for the card beside their conversation. */
export async function cardOf(conversation: ConversationRow, asked: CardAsked): Promise<CardData> {
  const { visitorId } = conversation
  const [contact, facts, sites] = await Promise.all([contactOf(conversation), factsOf(visitorId), listSites()])
  if (!facts) throw refuse('not_found')
  const contactId = contact?.id ?? null
  const browsers = contactId === null ? [visitorId] : await visitorsOfContact(contactId)
  const [notes, edits, link, client, found] = await Promise.all([
    notesOn({ visitorId, contactId }),
    contactId === null ? ([] as ContactEdit[]) : editsOf(contactId, asked.history ? mostEdits : 1),
    linkOf(visitorId, db),
    contactId === null ? null : clientOf(contactId, asked),
    // One more than is shown, and the open one among them.
    conversationsOfAll(browsers, asked.past + 2),
  ])
  const others = found.filter(({ id }) => id !== conversation.id)
  const named = await namer(notes.length + edits.length > 0 || link !== null)
  return {
    ...asked,
    conversation,
    contact,
    facts,
    browser: facts.userAgent === null ? null : browserOf(facts.userAgent),
    siteName: sites.find(({ id }) => id === conversation.siteId)?.name ?? '',
    notes: notes.map(named),
    edits: asked.history ? edits.map(named) : [],
    edited: edits.length > 0,
    link: link && named({ agentId: link.agentId, linkedAt: link.linkedAt }),
    client,
    pastOnes: others.slice(0, asked.past),
    morePast: others.length > asked.past && asked.past < mostPast,
  }
}

async function namer(needed: boolean): Promise<<T extends { agentId: string }>(one: T) => By<T>> {
  const names = new Map((needed ? await listAgents() : []).map(({ id, name }) => [id, name]))
  return (one) => ({ ...one, agentName: names.get(one.agentId) ?? '' })
}
