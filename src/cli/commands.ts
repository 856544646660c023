import type { Command } from './command.ts'
import { copy } from './copy.ts'
import { demoSeed } from './demo-seed.ts'
import { healthcheck } from './healthcheck.ts'
import { notify } from './notify.ts'
import { serve } from './serve.ts'
import { siteList } from './site-list.ts'
import { userCreate } from './user-create.ts'
import { userList } from './user-list.ts'
import { version } from './version.ts'

/** Every command but `help`, by the words that call it. */
export const commands: Record<string, Command> = {
  serve,
  'user create': userCreate,
  'user list': userList,
  'site list': siteList,
  'demo seed': demoSeed,
  notify,
  copy,
  healthcheck,
  version,
}
