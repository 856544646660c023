import type { LetterContent, LetterFact } from '../../../views/mail/letter.tsx'
import { personLabel } from '../../../views/console/visitor.ts'
import { db } from '../../platform/db/open.ts'
import { type Translate, translator } from '../../platform/lib/i18n.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import { type ConversationRow, findConversation } from '../conversations/index.ts'
import { listEntries } from '../messages/index.ts'
import { lastOrderOf } from '../orders/index.ts'
import { copiesOf, findSite, widgetOf } from '../sites/index.ts'
import { contactsOf } from '../visitors/index.ts'
import { findZone } from '../zones/index.ts'
import { isCopied } from './copy-messages.ts'
import { entryIn, headerLine, momentIn } from './letter-words.ts'
import { type MailSettings, originOf } from './mail-settings.ts'
import type { MailOf } from './names.ts'

/** The copy of what was written, for one of the shop's addresses; null when nobody wants it there any more. */
export async function composeCopy(mail: MailSettings, copy: MailOf): Promise<LetterContent | null> {
  const conversation = await findConversation(copy.conversationId)
  const copies = conversation && (await copiesOf(conversation.siteId, db))
  if (!conversation || !copies?.addresses.some((one) => foldEmail(one) === foldEmail(copy.address))) return null
  const site = await findSite(conversation.siteId)
  const limit = copy.to - copy.from + 1
  const found = await listEntries(conversation.id, { after: copy.from - 1, limit })
  const messages = found.filter((one) => isCopied(copies, one))
  if (!site || messages.length === 0) return null
  const t = translator(mail.locale)
  const contact = (await contactsOf([conversation.visitorId])).get(conversation.visitorId) ?? null
  const visitor = personLabel(t, { visitorId: conversation.visitorId, contact })
  const moment = momentIn(t, widgetOf(site).hours?.zone ?? 'UTC')
  return {
    locale: t.locale,
    dir: t.dir,
    subject: headerLine(t('mail.copy.subject', { who: visitor, site: site.name })),
    heading: visitor,
    lead: t('mail.copy.lead', { site: site.name }),
    entries: messages.map((message) => entryIn(t, moment, { message, visitor, mine: message.authorKind === 'agent' })),
    facts: await factsOf(t, moment, conversation, contact),
    action: { label: t('mail.copy.open'), href: `${originOf(mail)}/c/${conversation.id}` },
    foot: [t('mail.copy.why', { site: site.name })],
    footLink: null,
  }
}

type Contact = { id: string; email: string | null; phone: string | null } | null

async function factsOf(
  t: Translate,
  moment: (at: number) => string,
  { zoneId }: ConversationRow,
  contact: Contact,
): Promise<LetterFact[]> {
  const [zone, order] = await Promise.all([findZone(zoneId), contact && lastOrderOf(contact.id)])
  const facts = [
    { label: t('mail.form.email'), value: contact?.email ?? '' },
    { label: t('mail.form.phone'), value: contact?.phone ?? '' },
    { label: t('mail.copy.zone'), value: zone?.name ?? '' },
    {
      label: t('mail.copy.order'),
      value: order
        ? t('mail.copy.order.of', { number: order.number, at: moment(order.placedAt), status: order.status })
        : '',
    },
  ]
  return facts.filter(({ value }) => value !== '')
}
