import { eq } from 'drizzle-orm'
import { write } from '../../platform/db/write.ts'
import { now } from '../../platform/lib/clock.ts'
import { foldEmail } from '../../platform/lib/text.ts'
import { record } from '../../platform/live/bus.ts'
import { mailRefusals } from './schema.ts'

/** From now on nothing of ours goes to an address, or again what would. */
export async function refuseMail(email: string, refused: boolean): Promise<void> {
  const emailFolded = foldEmail(email)
  await write(async (tx) => {
    if (refused) await tx.insert(mailRefusals).values({ emailFolded, at: now() }).onConflictDoNothing()
    else await tx.delete(mailRefusals).where(eq(mailRefusals.emailFolded, emailFolded))
    await record(tx, 'mail.changed', { changed: 'refusal' })
  })
}
