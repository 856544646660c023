import type { Feature } from '../../platform/feature.ts'
import { consoleSockets } from './console-socket.ts'
import { consoles, pushToConsoles } from './live.ts'
import { routes } from './routes.tsx'
import { shareAnswers } from './shared-answers.ts'
import { forgetAllWriting } from './writing.ts'

let stopPushing: () => void = () => undefined
let stopSharing: () => void = () => undefined

export const inboxFeature: Feature = {
  name: 'inbox',
  routes,
  start() {
    stopPushing = pushToConsoles()
    stopSharing = shareAnswers(consoles)
  },
  stop() {
    for (const socket of [...consoleSockets]) socket.end(1012, 'stopping')
    stopPushing()
    stopSharing()
    forgetAllWriting()
  },
}
