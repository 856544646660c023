import { like } from 'drizzle-orm'
import { db } from '../../platform/db/open.ts'
import { countUndone } from '../../platform/jobs/list-undone.ts'
import { on } from '../../platform/live/bus.ts'
import { log } from '../../platform/lib/log.ts'
import { endTold } from './end-told.ts'
import { systemMessages } from './schema.ts'
import { tellAgents } from './tell-agents.ts'

/** What is told of jobs of one name that were given up: over once they have been seen to. */
export const deadKey = (job: string): string => `dead:${job}`

/**
 * Tells agents once that what had to go out did not, however much of it that is; and that it is over once none of it lies
 * there given up, so that the next is told again.
 */
export function tellOfDeadJobs(): void {
  // One after another: what is given up while another is seen to is told after that is over.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => Promise<unknown>) => {
    turn = turn.then(work).catch((error: unknown) => log.warn('agents could not be told of jobs given up', { error }))
  }
  const told = new Set<string>()
  inTurn(async () => {
    for (const key of await toldKeys()) told.add(key)
  })
  on('job.dead', ({ job, error }) => {
    told.add(deadKey(job))
    inTurn(() => tell(job, error))
  })
  on('job.moved', ({ job }) => {
    if (told.has(deadKey(job))) inTurn(() => endIfNone(job))
  })
}

async function toldKeys(): Promise<string[]> {
  const found = await db
    .select({ key: systemMessages.key })
    .from(systemMessages)
    .where(like(systemMessages.key, `${deadKey('')}%`))
  return found.flatMap(({ key }) => key ?? [])
}

function tell(job: string, error: string): Promise<unknown> {
  const isMail = job.startsWith('mail')
  return tellAgents({
    kind: 'delivery',
    code: isMail ? 'mail_dead' : 'job_dead',
    values: { job, error },
    key: deadKey(job),
    ...(isMail ? { link: '/settings/mail' } : {}),
  })
}

async function endIfNone(job: string): Promise<void> {
  const { dead } = await countUndone([job])
  if (dead === 0) await endTold([deadKey(job)])
}
