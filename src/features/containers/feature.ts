import type { Feature } from '../../platform/feature.ts'

export const containersFeature: Feature = { name: 'containers' }
