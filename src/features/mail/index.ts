import './events.ts'
export { openLink } from './open-link.ts'
export { replyHintOf } from './reply-hint.ts'
