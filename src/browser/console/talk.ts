import { startAiming } from './aim.ts'
import { startAnswering } from './answering.ts'
import { startComposer } from './composer.ts'
import { startEmoji } from './emoji.ts'
import { startLog } from './log.ts'
import { startOutbox } from './outbox.ts'
import { startReading } from './read.ts'
import { startTalkKeys } from './talk-keys.ts'
import { startTemplates } from './templates.ts'
import { startTyping } from './typing.ts'
import { startView } from './view.ts'

/** The conversation in the middle: its log, what is typed in it, and the answer. */
export function startTalk(): void {
  // In this order they look at what is open: the rows before the view of them, the view before the address into it.
  startLog()
  startReading()
  startTyping()
  startView()
  startOutbox()
  startComposer()
  startEmoji()
  startTemplates()
  startAnswering()
  startAiming()
  startTalkKeys()
}
