import type { Feature } from '../../platform/feature.ts'
import { log } from '../../platform/lib/log.ts'
import { routes } from './routes.tsx'
import { dropExpiredSessions } from './sessions.ts'
import { throttleSignIn } from './sign-in.ts'

const hourMs = 3_600_000
let cleaning: Timer | null = null

export const agentsFeature: Feature = {
  name: 'agents',
  routes,
  start(config) {
    throttleSignIn(!config.noLimits)
    cleaning = setInterval(() => void clean(), hourMs)
    cleaning.unref()
  },
  stop() {
    if (cleaning) clearInterval(cleaning)
    cleaning = null
  },
}

async function clean(): Promise<void> {
  try {
    await dropExpiredSessions()
  } catch (error) {
    log.warn('expired sessions could not be dropped', { error })
  }
}
