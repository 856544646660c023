import type { Feature } from '../../platform/feature.ts'
import { followUnread } from './unread.ts'

let stopFollowing: () => void = () => undefined

export const messagesFeature: Feature = {
  name: 'messages',
  start() {
    stopFollowing = followUnread()
  },
  stop() {
    stopFollowing()
  },
}
