import type { Feature } from '../../platform/feature.ts'

export const picturesFeature: Feature = { name: 'pictures' }
