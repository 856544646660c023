import type { Feature } from '../../platform/feature.ts'

export const systemMessagesFeature: Feature = { name: 'system-messages' }
