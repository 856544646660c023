import { LetterPage, letterText, type LetterContent } from '../../../views/mail/letter.tsx'
import { render } from '../../platform/http/page.tsx'
import { Hopeless } from '../../platform/jobs/worker.ts'
import { sendLetter } from '../../providers/mail/smtp.ts'
import { MailTrouble } from '../../providers/mail/trouble.ts'
import { now } from '../../platform/lib/clock.ts'
import { composeAnswer } from './compose-answer.ts'
import { composeCopy } from './compose-copy.ts'
import { headerLine } from './letter-words.ts'
import { type MailSettings, mailToSend, serverOf } from './mail-settings.ts'
import type { MailOf } from './names.ts'
import { endRest, mustNotRest, restAfter } from './rest.ts'

type Try = { signal: AbortSignal }

// No mail of ours wants an answer by a machine: RFC 3834, and the way that Exchange knows.
const byMachine = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }

/** Sends a copy to one of the shop's addresses. */
export const sendCopy = (copy: MailOf, { signal }: Try): Promise<void> =>
  giveUpIfLasting(async () => {
    const mail = await mailToSend()
    const letter = await composeCopy(mail, copy)
    if (!letter) return
    const from = { name: headerLine(mail.senderName), address: mail.senderAddress }
    const { address: to } = copy
    await send(mail, { from, to, letter, headers: byMachine, ids: idsOf(mail, 'c', copy) }, signal)
  })

/** Sends an agent's answers to the client. */
export const sendAnswer = (answer: MailOf, { signal }: Try): Promise<void> =>
  giveUpIfLasting(async () => {
    const mail = await mailToSend()
    const composed = await composeAnswer(mail, answer)
    if (!composed) return
    const { letter, shop, address: to, unsubscribe } = composed
    const from = { name: shop, address: mail.senderAddress }
    // RFC 8058: one press in the mail program is enough.
    const headers = {
      ...byMachine,
      'List-Unsubscribe': `<${unsubscribe}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }
    await send(mail, { from, to, letter, headers, ids: idsOf(mail, 'a', answer) }, signal)
  })

type Ids = { messageId: string; inReplyTo?: string }
type Outgoing = {
  from: { name: string; address: string }
  to: string
  letter: LetterContent
  headers: Record<string, string>
  ids: Ids
}

/** The same mail has the same id, however often it is tried; those of one conversation answer the first. */
function idsOf({ idDomain }: MailSettings, kind: 'a' | 'c', { conversationId, to, root }: MailOf): Ids {
  const idOf = (seq: number) => `${kind}.${conversationId}.${seq}@${idDomain}`
  return { messageId: idOf(to), ...(root === to ? {} : { inReplyTo: idOf(root) }) }
}

async function send(
  mail: MailSettings,
  { from, to, letter, headers, ids }: Outgoing,
  signal: AbortSignal,
): Promise<string> {
  const html = `<!doctype html>${render(LetterPage({ letter }))}`
  const written = { from, to, subject: letter.subject, text: letterText(letter), html, headers, ...ids, at: now() }
  mustNotRest()
  try {
    const answer = await sendLetter(serverOf(mail), written, signal)
    endRest()
    return answer
  } catch (error) {
    restAfter(error)
    throw error
  }
}

async function giveUpIfLasting(sending: () => Promise<void>): Promise<void> {
  try {
    await sending()
  } catch (error) {
    throw error instanceof MailTrouble && error.lasting ? new Hopeless(error.message) : error
  }
}
