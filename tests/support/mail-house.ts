import { saveMail } from '../../src/features/mail/save-mail.ts'
import { eq } from 'drizzle-orm'
import { type MailCopies, noCopies, sites } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import type { AgentActor } from '../../src/features/conversations/index.ts'

/** Mail goes out through this port of 127.0.0.1, without a password and in the clear. */
export const mailThrough = (agent: AgentActor, port: number, more: Record<string, unknown> = {}): Promise<void> =>
  saveMail(
    agent,
    {
      ...{ host: '127.0.0.1', port: `${port}`, security: 'none', user: '', password: '' },
      ...{ senderName: 'Spring Water', senderAddress: 'chat@shop.test', locale: 'en', ...more },
    },
    'https://chat.shop.test',
  )

/** A site's conversations are copied so. */
export async function copyTo(siteId: string, copies: Partial<MailCopies> & { addresses: string[] }): Promise<void> {
  await write((tx) =>
    tx
      .update(sites)
      .set({ copies: { ...noCopies, on: true, ...copies } })
      .where(eq(sites.id, siteId)),
  )
}
