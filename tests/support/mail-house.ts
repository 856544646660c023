import { saveMail } from '../../src/features/mail/save-mail.ts'
import { and, eq, isNull, like, lte } from 'drizzle-orm'
import { type MailCopies, noCopies, sites } from '../../src/features/sites/index.ts'
import { write } from '../../src/platform/db/write.ts'
import { db } from '../../src/platform/db/open.ts'
import { outbox } from '../../src/platform/jobs/schema.ts'
import { now } from '../../src/platform/lib/clock.ts'
import { until } from './program.ts'
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

/** Waits until no mail is under way that is due by now. */
export async function settled(): Promise<void> {
  await until(async () => {
    const [row] = await db
      .select()
      .from(outbox)
      .where(and(like(outbox.job, 'mail.%'), isNull(outbox.doneAt), isNull(outbox.deadAt), lte(outbox.dueAt, now())))
      .limit(1)
    return row ? null : true
  })
}
