import type { Entry } from '../../../views/console/palette.tsx'
import { personLabel, twinsAmong } from '../../../views/console/visitor.ts'
import { foldWords } from '../../../views/ui/fold-words.ts'
import type { Translate } from '../../platform/lib/i18n.ts'
import { cut } from '../../platform/lib/text.ts'
import { findContacts } from '../contacts/index.ts'
import { type ConversationRow, latestOf, listFolder } from '../conversations/index.ts'
import { contactsOf, visitorsOfContact, visitorsOnline } from '../visitors/index.ts'

const longestQuery = 100
const shown = 6
// Of what stands open, this much is looked through; what is finished is found by whom it was with.
const openLookedAt = 100

/**
 * What an agent may want to open: of their own and of the waiting conversations those that are about the words, and contacts
 * whose words begin so. Without a query, what is open and newest.
 */
export async function searchPalette(agentId: string, t: Translate, asked: string) {
  const query = cut(asked, longestQuery)
  const words = foldWords(query)
  const [open, people] = await Promise.all([openConversations(agentId), findContacts(query, shown)])
  const contacts = await contactsOf(open.map(({ visitorId }) => visitorId))
  const online = visitorsOnline(open.map(({ visitorId }) => visitorId))
  const everybody = open.map(({ visitorId }) => ({ visitorId, contact: contacts.get(visitorId) ?? null }))
  const twins = twinsAmong(everybody)
  const conversations = open
    .map((conversation) => {
      const { visitorId } = conversation
      const contact = contacts.get(visitorId) ?? null
      const who = personLabel(t, { visitorId, contact, twin: twins.has(visitorId) })
      return { conversation, contact, who, online: online.has(visitorId) }
    })
    .filter(({ who, conversation }) => isAbout(`${who} ${conversation.lastText ?? ''}`, words))
    .slice(0, shown)
  const listed = new Set(conversations.map(({ contact }) => contact?.id))
  const others = await Promise.all(people.filter(({ id }) => !listed.has(id)).map(entryOf))
  return { conversations, contacts: others.filter((one) => one !== null) }
}

async function openConversations(agentId: string): Promise<ConversationRow[]> {
  const [active, waiting] = await Promise.all(
    (['active', 'waiting'] as const).map((folder) => listFolder({ folder, agentId, limit: openLookedAt })),
  )
  return [...(active ?? []), ...(waiting ?? [])]
}

function isAbout(text: string, words: string[]): boolean {
  if (words.length === 0) return true
  const said = foldWords(text)
  return words.every((word) => said.some((one) => one.startsWith(word)))
}

/** A contact leads to what was said last; one who never wrote has no page yet. */
async function entryOf(contact: Awaited<ReturnType<typeof findContacts>>[number]): Promise<Entry | null> {
  const conversation = await latestOf(await visitorsOfContact(contact.id))
  const who = contact.name || contact.email || contact.phone
  return conversation && who ? { conversation, contact, who, online: false } : null
}
