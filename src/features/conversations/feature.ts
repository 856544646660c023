import type { Feature } from '../../platform/feature.ts'

export const conversationsFeature: Feature = { name: 'conversations' }
