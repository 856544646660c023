import type { Feature } from '../../platform/feature.ts'

export const visitorsFeature: Feature = { name: 'visitors' }
