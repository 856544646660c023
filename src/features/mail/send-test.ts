import { LetterPage, letterText, type LetterContent } from '../../../views/mail/letter.tsx'
import { render } from '../../platform/http/page.tsx'
import { sendLetter } from '../../providers/mail/smtp.ts'
import { MailTrouble, type TroubleKind } from '../../providers/mail/trouble.ts'
import { now } from '../../platform/lib/clock.ts'
import { type Translate } from '../../platform/lib/i18n.ts'
import { newId } from '../../platform/lib/id.ts'
import { refuse } from '../../platform/lib/refuse.ts'
import { checkEmail } from '../../platform/lib/text.ts'
import { headerLine } from './letter-words.ts'
import { originOf, readMail, serverOf } from './mail-settings.ts'

/** What came of a test: the server took it, or why not; with the server's own line. */
export type TestOutcome = { to: string; trouble: TroubleKind | null; line: string | null }

const withinMs = 28_000

/** Sends a mail to see whether that works. Refuses `email_invalid` and `mail_not_set_up`. */
export async function sendTest(t: Translate, address: unknown): Promise<TestOutcome> {
  const to = checkEmail(address)
  const mail = await readMail()
  if (!mail) throw refuse('mail_not_set_up')
  const letter: LetterContent = {
    locale: t.locale,
    dir: t.dir,
    subject: headerLine(t('mail.test.subject')),
    heading: t('mail.test.subject'),
    lead: t('mail.test.body', { origin: originOf(mail) }),
    ...{ entries: [], facts: [], action: null, foot: [], footLink: null },
  }
  try {
    const written = {
      from: { name: headerLine(mail.senderName), address: mail.senderAddress },
      ...{ to, subject: letter.subject, text: letterText(letter) },
      html: `<!doctype html>${render(LetterPage({ letter }))}`,
      messageId: `t.${newId()}@${mail.idDomain}`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      at: now(),
    }
    return { to, trouble: null, line: await sendLetter(serverOf(mail), written, AbortSignal.timeout(withinMs)) }
  } catch (error) {
    if (error instanceof MailTrouble) return { to, trouble: error.kind, line: error.line }
    throw error
  }
}
