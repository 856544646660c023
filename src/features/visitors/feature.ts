import type { Feature } from '../../platform/feature.ts'
import { lastSeen } from './note-seen.ts'
import { sayGoodbyeToAll } from './who-is-here.ts'

export const visitorsFeature: Feature = {
  name: 'visitors',
  async stop() {
    sayGoodbyeToAll()
    await lastSeen()
  },
}
