import type { Feature } from '../../platform/feature.ts'
import { reactInside } from '../../platform/live/bus.ts'
import { awaitReading } from './await-reading.ts'
import { copyMessage } from './copy-messages.ts'
import { gatherAnswers, seenFromNow } from './gather-answers.ts'
import { gatherDigest } from './gather-digest.ts'
import { reachedAt } from './mail-settings.ts'
import { answerJob, copyJob, digestJob, unreadJob } from './names.ts'
import { endRest } from './rest.ts'
import { routes } from './routes.tsx'
import { sendAnswer, sendCopy } from './send-mail.ts'

export const mailFeature: Feature = {
  name: 'mail',
  routes,
  jobs: { [copyJob]: sendCopy, [answerJob]: sendAnswer, [digestJob]: gatherDigest, [unreadJob]: gatherAnswers },
  start({ publicUrl }) {
    reachedAt(publicUrl)
    endRest()
    seenFromNow()
    reactInside('message.sent', copyMessage)
    reactInside('message.sent', awaitReading)
  },
}
