import type { Feature } from '../../platform/feature.ts'

export const templatesFeature: Feature = { name: 'templates' }
