import type { Feature } from '../../platform/feature.ts'

export const mailFeature: Feature = { name: 'mail' }
