import { onStoreState } from '../../platform/db/state.ts'
import { on } from '../../platform/live/bus.ts'
import { closeWatchers, poke, pushFragment, pushFrame } from '../../platform/live/hub.ts'
import { pushCards } from './card-live.ts'
import { entryPushed, storeNotice } from './fragments.tsx'
import { pushNotices } from './notices.ts'
import { pushPresence } from './presence-routes.tsx'
import { dropWriting, keepWriting } from './writing.ts'

/** What every console watches. */
export const consoles = 'agents'
/** What a console watches while it has a conversation open. */
export const consolesAt = (conversationId: string): string => `conversation:${conversationId}`
/** What all sockets of one session watch, to die with it. */
export const session = (sessionId: string): string => `session:${sessionId}`

const listChanged = () => poke(consoles, 'inbox-changed')

/** Tells consoles what happens: rows as fragments, lists and holders as pokes, what passes by as frames. Returns the way to stop. */
export function pushToConsoles(): () => void {
  on('entry.added', ({ message, conversation }) => {
    pushFragment(consolesAt(message.conversationId), (locale) => entryPushed(message, locale))
    dropWriting(conversation.visitorId)
    listChanged()
  })
  for (const change of ['conversation.taken', 'conversation.finished', 'conversation.reopened'] as const) {
    on(change, ({ conversation }) => {
      poke(consolesAt(conversation.id), 'conversation-changed')
      listChanged()
    })
  }
  // What an open conversation says of where an answer goes.
  for (const change of ['mail.changed', 'site.changed'] as const)
    on(change, () => poke(consoles, 'conversation-changed'))
  on('job.moved', ({ job }) => {
    if (job.startsWith('mail.')) poke(consoles, 'mail-changed')
  })
  on('conversations.zoned', listChanged)
  for (const change of ['site.changed', 'sites.counted'] as const) {
    on(change, () => {
      poke(consoles, 'sites-changed')
      listChanged()
    })
  }
  for (const change of ['system.told', 'system.over'] as const) {
    on(change, () => {
      poke(consoles, 'system-changed')
      listChanged()
    })
  }
  pushCards(listChanged)
  on('templates.changed', () => poke(consoles, 'templates-changed'))
  on('zone.changed', () => {
    for (const change of ['zones-changed', 'card-changed'] as const) poke(consoles, change)
    listChanged()
  })
  pushPresence()
  pushNotices()
  on('read.marked', ({ conversationId, readerKind, seq }) => {
    if (readerKind === 'visitor') pushFrame(consolesAt(conversationId), { type: 'read', conversationId, seq })
  })
  on('visitor.typing', tellTyping)
  on('agent.typing', ({ conversationId, agentId, name }) =>
    pushFrame(consolesAt(conversationId), { type: 'answering', conversationId, agentId, name }),
  )
  on('sessions.ended', ({ sessionIds }) => {
    for (const id of sessionIds) {
      pushFrame(session(id), { type: 'signed-out' })
      closeWatchers(session(id), 1001, 'signed_out')
    }
  })
  return onStoreState((state) => {
    pushFragment(consoles, (locale) => storeNotice(state, locale))
    // A list that could not be read meanwhile is read now.
    if (state.mode === 'ok') listChanged()
  })
}

type Typing = { siteId: string; visitorId: string; conversationId: string | null; text: string | null }

/** To whoever has the conversation open; before there is one, as a row of Waiting that goes by itself. */
function tellTyping({ siteId, visitorId, conversationId, text }: Typing): void {
  if (conversationId !== null) {
    pushFrame(consolesAt(conversationId), { type: 'typing', conversationId, text })
  } else if (text === null) {
    if (dropWriting(visitorId)) listChanged()
  } else {
    keepWriting({ visitorId, siteId, text }, listChanged)
    listChanged()
  }
}
