import type { Feature } from '../../platform/feature.ts'

export const searchFeature: Feature = { name: 'search' }
