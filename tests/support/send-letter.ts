import { type Letter, type MailServer, sendLetter } from '../../src/providers/mail/smtp.ts'
import { troubleOf } from '../../src/providers/mail/trouble.ts'

// Sends one mail, in a process whose environment says whose certificates it trusts.
const [, , server = '', letter = ''] = process.argv
const outcome = await sendLetter(
  JSON.parse(server) as MailServer,
  JSON.parse(letter) as Letter,
  AbortSignal.timeout(20_000),
).then(
  () => ({ kind: null }),
  (error: unknown) => ({ kind: troubleOf(error).kind }),
)
console.log(JSON.stringify(outcome))
