import { on } from '../../platform/live/bus.ts'
import { log } from '../../platform/lib/log.ts'
import { tellAgents } from './tell-agents.ts'

/** What is told of jobs of one name that were given up: over once they have been seen to. */
export const deadKey = (job: string): string => `dead:${job}`

/** Tells agents once that what had to go out did not, however much of it that is. */
export function tellOfDeadJobs(): void {
  on('job.dead', ({ job, error }) => {
    const isMail = job.startsWith('mail')
    tellAgents({
      kind: 'delivery',
      code: isMail ? 'mail_dead' : 'job_dead',
      values: { job, error },
      key: deadKey(job),
      ...(isMail ? { link: '/settings/mail' } : {}),
    }).catch((failure: unknown) => log.warn('agents could not be told of a job that was given up', { error: failure }))
  })
}
