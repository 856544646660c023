import { Elysia } from 'elysia'
import { FoundPeople, LinkSheet } from '../../../views/console/card-link.tsx'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { cut } from '../../platform/lib/text.ts'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import { findPeople, isTold, linkVisitor, refusedSheet, unlinkVisitor } from '../clients/index.ts'
import { contactOf, conversationAt } from './queries.ts'

const longestQuery = 100
const shown = 8

/** Who a visitor is, on an agent's word. */
export const cardLinkRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-card-link' })
    .onError(({ error, request }) => problem(error, request))
    .get('/c/:id/link', inside(openSheet))
    .get('/c/:id/link/found', inside(find))
    .post('/c/:id/link', inside(create), raw)
    .put('/c/:id/link', inside(link), raw)
    .delete('/c/:id/link', inside(unlink), raw)

async function openSheet({ t, params }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const contact = await contactOf(conversation)
  return fragment(<LinkSheet t={t} id={conversation.id} was={contact?.id ?? ''} />)
}

async function find({ t, params, query }: Asked): Promise<Response> {
  const { id } = await conversationAt(params.id ?? '')
  const was = query.was ?? ''
  const people = (await findPeople(cut(query.q ?? '', longestQuery), shown)).filter((person) => person.id !== was)
  return fragment(<FoundPeople t={t} id={id} was={was} people={people} />)
}

/** Whom the agent saw there: nobody is the empty word; undefined does not ask. */
const seen = (was: unknown): string | null | undefined => (typeof was === 'string' ? was || null : undefined)

async function link({ agent, params, query, request }: Asked): Promise<Response> {
  const { visitorId } = await conversationAt(params.id ?? '')
  const contact = await linkVisitor(agent, visitorId, { contactId: query.contact ?? '' }, seen(query.was))
  return wantsJson(request) ? json({ contactId: contact.id }) : new Response(null, { status: 204 })
}

async function create(asked: Asked): Promise<Response> {
  const { id, visitorId } = await conversationAt(asked.params.id ?? '')
  const { name, email, phone, was } = await readFields(asked.request)
  try {
    const contact = await linkVisitor(asked.agent, visitorId, { name, email, phone }, seen(was))
    return wantsJson(asked.request) ? json({ contactId: contact.id }) : new Response(null, { status: 204 })
  } catch (error) {
    if (!isTold(error) || wantsJson(asked.request)) throw error
    const refused = refusedSheet(asked.t, { name, email, phone }, error)
    return fragment(<LinkSheet t={asked.t} id={id} was={typeof was === 'string' ? was : ''} refused={refused} />, {
      status: error.status,
    })
  }
}

async function unlink({ agent, params }: Asked): Promise<Response> {
  const { visitorId } = await conversationAt(params.id ?? '')
  await unlinkVisitor(agent, visitorId)
  return new Response(null, { status: 204 })
}
