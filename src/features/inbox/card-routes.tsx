import { Elysia } from 'elysia'
import type { VNode } from 'preact'
import { CardPane } from '../../../views/console/card.tsx'
import { EditableFact, type Meanwhile, type Refused } from '../../../views/console/card-fact.tsx'
import { AddNote, NoteItem } from '../../../views/console/card-notes.tsx'
import { readFields } from '../../platform/http/form.ts'
import { fragment, json, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { Refusal } from '../../platform/lib/refuse.ts'
import { agentName, type Asked, type Inside, raw } from '../agents/index.ts'
import { type EditableField, editsOf } from '../contacts/index.ts'
import { addNote, changeNote, notesOn, removeNote } from '../notes/index.ts'
import { blockVisitor, editPerson } from '../visitors/index.ts'
import { aboutOf, askedCard, cardOf } from './card-queries.ts'
import { contactOf, conversationAt } from './queries.ts'

/** Whom a conversation is with, and what is written about them. */
export const cardRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-card' })
    .onError(({ error, request }) => problem(error, request))
    .get('/c/:id/card', inside(showCard))
    .put('/c/:id/contact/:field', inside(putField), raw)
    .post('/c/:id/notes', inside(postNote), raw)
    .put('/c/:id/notes/:note', inside(putNote), raw)
    .put('/c/:id/notes/:note/removal', inside(remove(true)), raw)
    .delete('/c/:id/notes/:note/removal', inside(remove(false)), raw)
    .put('/c/:id/block', inside(block(true)), raw)
    .delete('/c/:id/block', inside(block(false)), raw)

async function showCard({ t, params, query }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  return fragment(<CardPane t={t} card={await cardOf(conversation, askedCard(query))} />)
}

/** Answers the field as it is now; refused, with what was typed still in it. */
async function putField({ agent, t, params, request }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const { value, was } = await readFields(request)
  const field = params.field as EditableField
  const done = await attempt(() => editPerson(agent, conversation.visitorId, { field, value, was }))
  if (wantsJson(request)) return done.refusal ? problem(done.refusal, request) : json({})
  const contact = await contactOf(conversation)
  const current = contact?.[field] ?? null
  const refused = await refusedFor(done.refusal, t, value, async () => byWhom(contact?.id ?? null, field, current))
  return answer(<EditableFact t={t} id={conversation.id} field={field} value={current} {...refused} />, done.refusal)
}

/** By whose hand a field came to be what it is; nobody's, when it is not what anybody wrote. */
async function byWhom(contactId: string | null, field: EditableField, value: string | null): Promise<Meanwhile> {
  const edits = contactId === null ? [] : await editsOf(contactId, 50)
  const last = edits.find((edit) => edit.field === field)
  if (!last || last.after !== value) return { value, agentName: null, at: null }
  return { value, agentName: await agentName(last.agentId), at: last.at }
}

async function postNote({ agent, t, params, request }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const { body } = await readFields(request)
  const about = await aboutOf(conversation)
  const done = await attempt(() => addNote(agent, about, withoutCarriageReturns(body)))
  if (wantsJson(request)) return done.refusal ? problem(done.refusal, request) : json({})
  const refused = await refusedFor(done.refusal, t, body, () => Promise.resolve(null))
  return answer(<AddNote t={t} id={conversation.id} {...refused} />, done.refusal)
}

async function putNote({ t, params, request }: Asked): Promise<Response> {
  const conversation = await conversationAt(params.id ?? '')
  const { body, was } = await readFields(request)
  const about = await aboutOf(conversation)
  const noteId = params.note ?? ''
  const asked = { body: withoutCarriageReturns(body), was: withoutCarriageReturns(was) }
  const done = await attempt(() => changeNote(about, noteId, asked))
  if (wantsJson(request)) return done.refusal ? problem(done.refusal, request) : json({})
  const note = (await notesOn(about)).find(({ id }) => id === noteId)
  if (!note) return new Response(null, { status: 404 })
  const named = { ...note, agentName: (await agentName(note.agentId)) ?? '' }
  const meanwhile = () => Promise.resolve({ value: note.body, agentName: null, at: note.changedAt })
  const refused = await refusedFor(done.refusal, t, body, meanwhile)
  return answer(<NoteItem t={t} id={conversation.id} note={named} {...refused} />, done.refusal)
}

const remove =
  (removed: boolean) =>
  async ({ params }: Asked): Promise<Response> => {
    const about = await aboutOf(await conversationAt(params.id ?? ''))
    await removeNote(about, params.note ?? '', removed)
    return new Response(null, { status: 204 })
  }

const block =
  (blocked: boolean) =>
  async ({ params }: Asked): Promise<Response> => {
    const { visitorId } = await conversationAt(params.id ?? '')
    await blockVisitor(visitorId, blocked)
    return new Response(null, { status: 204 })
  }

/** What came of it: refused for what was written, it is told beside it; any other error goes its way. */
async function attempt(change: () => Promise<unknown>): Promise<{ refusal: Refusal | null }> {
  try {
    await change()
    return { refusal: null }
  } catch (error) {
    if (error instanceof Refusal && (error.status === 422 || error.status === 409 || error.code.startsWith('text_')))
      return { refusal: error }
    throw error
  }
}

async function refusedFor(
  refusal: Refusal | null,
  t: Asked['t'],
  typed: unknown,
  meanwhile: () => Promise<Meanwhile | null>,
): Promise<{ refused?: Refused }> {
  if (!refusal) return {}
  const edited = refusal.code === 'edited_meanwhile'
  const words = t(`refusals.${refusal.code}`, refusal.values)
  return {
    refused: {
      typed: typeof typed === 'string' ? typed : '',
      problem: edited ? null : words,
      meanwhile: edited ? await meanwhile() : null,
    },
  }
}

const answer = (piece: VNode, refusal: Refusal | null): Response =>
  fragment(piece, refusal ? { status: refusal.status } : {})

/** Forms send line ends as CR LF, whatever was typed. */
const withoutCarriageReturns = (body: unknown): unknown =>
  typeof body === 'string' ? body.replaceAll('\r\n', '\n') : body
