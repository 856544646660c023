import type { Feature } from '../../platform/feature.ts'

export const zonesFeature: Feature = { name: 'zones' }
