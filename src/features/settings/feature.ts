import type { Feature } from '../../platform/feature.ts'

export const settingsFeature: Feature = { name: 'settings' }
