import type { Feature } from '../../platform/feature.ts'

export const messagesFeature: Feature = { name: 'messages' }
