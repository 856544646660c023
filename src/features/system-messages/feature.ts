import type { Feature } from '../../platform/feature.ts'
import { log } from '../../platform/lib/log.ts'
import { api } from './api.ts'
import { tellOfDeadJobs } from './tell-of-dead-jobs.ts'
import { tellOfUpgrade } from './upgrade-notes.ts'
import { watchDisk } from './watch-disk.ts'

let stopWatching: () => void = () => undefined

export const systemMessagesFeature: Feature = {
  name: 'system-messages',
  routes: api,
  async start() {
    tellOfDeadJobs()
    stopWatching = watchDisk()
    // Not worth a start that fails.
    await tellOfUpgrade().catch((error: unknown) => log.warn('agents could not be told of the upgrade', { error }))
  },
  stop() {
    stopWatching()
  },
}
