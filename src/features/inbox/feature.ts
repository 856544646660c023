import type { Feature } from '../../platform/feature.ts'
import { onUntold } from '../../platform/db/state.ts'
import { consoleSockets } from './console-socket.ts'
import { consoles, pushToConsoles } from './live.ts'
import { forgetNotices } from './notices.ts'
import { forgetOwnLists, pushOwnLists } from './own-lists.ts'
import { routes } from './routes.tsx'
import { shareAnswers } from './shared-answers.ts'
import { forgetAllWriting } from './writing.ts'

let stopPushing: () => void = () => undefined
let stopSharing: () => void = () => undefined
let stopSeeking: () => void = () => undefined

export const inboxFeature: Feature = {
  name: 'inbox',
  routes,
  start() {
    stopPushing = pushToConsoles()
    pushOwnLists(() => consoleSockets.size)
    stopSharing = shareAnswers(consoles)
    // A page that connects anew asks for what it may have missed.
    stopSeeking = onUntold(() => hangUp('look_again'))
  },
  stop() {
    stopSeeking()
    hangUp('stopping')
    stopPushing()
    stopSharing()
    forgetAllWriting()
    forgetNotices()
    forgetOwnLists()
  },
}

function hangUp(reason: string): void {
  for (const socket of [...consoleSockets]) socket.end(1012, reason)
}
