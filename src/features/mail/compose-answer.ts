import type { LetterContent } from '../../../views/mail/letter.tsx'
import { chooseLocale, type Locale, translator } from '../../platform/lib/i18n.ts'
import { type ConversationRow, findConversation } from '../conversations/index.ts'
import { listEntries, readSeq } from '../messages/index.ts'
import { findSite, type SiteRow, widgetOf } from '../sites/index.ts'
import { factsOf, type VisitorFacts } from '../visitors/index.ts'
import { isAnswer } from './gather-answers.ts'
import { entryIn, headerLine, momentIn } from './letter-words.ts'
import { linkLastsMs, sealUnsubscribing, signLink } from './links.ts'
import { type MailSettings, originOf } from './mail-settings.ts'
import type { MailOf } from './names.ts'
import { addressOfClient } from './refusals.ts'

/** A letter to a client, the name it comes from, whom it goes to, and how they get no more of them. */
export type AnswerLetter = { letter: LetterContent; shop: string; address: string; unsubscribe: string }

/** What agents answered, for the client; null when they have read it meanwhile, or want no mail any more. */
export async function composeAnswer(
  mail: MailSettings,
  { conversationId, from, to }: MailOf,
): Promise<AnswerLetter | null> {
  const conversation = await findConversation(conversationId)
  const site = conversation && (await findSite(conversation.siteId))
  const address = conversation && (await addressOfClient(conversation))
  if (!conversation || !site || !address || (await readSeq(conversationId, 'visitor')) >= to) return null
  const answers = (await listEntries(conversationId, { after: from - 1, limit: to - from + 1 })).filter(isAnswer)
  if (answers.length === 0) return null
  const facts = await factsOf(conversation.visitorId)
  const t = translator(localeOf(site, facts))
  const moment = momentIn(t, facts?.timeZone ?? widgetOf(site).hours?.zone ?? 'UTC')
  const unsubscribe = `${originOf(mail)}/mail/unsubscribe?u=${sealUnsubscribing({ email: address, siteId: site.id })}`
  const [asked] = await listEntries(conversationId, { before: from, limit: 1, of: 'visitor' })
  const letter: LetterContent = {
    locale: t.locale,
    dir: t.dir,
    subject: headerLine(t('mail.answer.subject', { site: site.name })),
    heading: site.name,
    lead: t('mail.answer.lead'),
    entries: [...(asked ? [asked] : []), ...answers].map((message) =>
      entryIn(t, moment, { message, visitor: t('mail.answer.you'), mine: message.authorKind === 'visitor' }),
    ),
    facts: [],
    action: {
      label: t('mail.answer.open'),
      href: linkTo(mail, conversation, address, answers.at(-1)?.seq ?? to, answers.at(-1)?.at ?? 0),
    },
    foot: [t('mail.answer.why', { site: site.name })],
    footLink: { label: t('mail.answer.unsubscribe'), href: unsubscribe },
  }
  return { letter, shop: headerLine(site.name), address, unsubscribe }
}

/** The site's own language, or else the visitor's. */
function localeOf(site: SiteRow, facts: VisitorFacts | null): Locale {
  const { locale } = widgetOf(site)
  return locale === 'auto' ? chooseLocale(null, facts?.language) : locale
}

// After the #, which no browser sends to anybody: neither a log nor a Referer learns it, and looking at the page, as what
// guards a mailbox does, opens nothing.
function linkTo(mail: MailSettings, { id, siteId }: ConversationRow, email: string, seq: number, at: number): string {
  const link = signLink({ conversationId: id, seq, email, expiresAt: at + linkLastsMs })
  return `${originOf(mail)}/conversation?site=${siteId}#${link}`
}
