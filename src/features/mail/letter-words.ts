import type { LetterEntry, LetterFact } from '../../../views/mail/letter.tsx'
import type { Translate } from '../../platform/lib/i18n.ts'
import { cut } from '../../platform/lib/text.ts'
import type { MessageRow } from '../conversations/index.ts'

/** A header's text: one line, without what would turn its reading round, and not longer than anybody reads. */
export const headerLine = (text: string): string =>
  cut(
    text
      .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
      .trim()
      .toWellFormed(),
    200,
  )

/** When something was written, in the reader's own way, with the zone that it is told in. */
export function momentIn(t: Translate, timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat(t.locale, {
    ...{ day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' },
    timeZone,
    ...(timeZone === 'UTC' ? { timeZoneName: 'short' } : {}),
  })
  return (at) => format.format(at)
}

/** An entry of the log as a mail shows it. */
export function entryIn(
  t: Translate,
  moment: (at: number) => string,
  { message, visitor, mine }: { message: MessageRow; visitor: string; mine: boolean },
): LetterEntry {
  const author = message.authorKind === 'agent' ? (message.data?.agentName ?? '') : visitor
  return {
    author,
    at: moment(message.at),
    iso: new Date(message.at).toISOString(),
    body: message.body,
    mine,
    form: formFacts(t, message),
  }
}

function formFacts(t: Translate, { data }: MessageRow): LetterFact[] {
  const form = data?.form
  if (!form) return []
  const { name, email = '', phone = '', topic } = form
  const facts = [
    { label: t('mail.form.name'), value: name },
    { label: t('mail.form.email'), value: email },
    { label: t('mail.form.phone'), value: phone },
    { label: t('mail.form.topic'), value: topic },
  ]
  return facts.filter(({ value }) => value !== '')
}
