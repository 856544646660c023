import type { Feature } from '../../platform/feature.ts'
import { log } from '../../platform/lib/log.ts'
import { addMissingWords } from './add-missing-words.ts'

export const contactsFeature: Feature = {
  name: 'contacts',
  async start() {
    try {
      await addMissingWords()
    } catch (error) {
      // They are found after the next start; nothing else waits for it.
      log.warn('contacts from before there was a search cannot be found yet', { error })
    }
  },
}
