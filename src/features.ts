import { sitesFeature } from './features/sites/feature.ts'
import { widgetFeature } from './features/widget/feature.ts'
import type { Feature } from './platform/feature.ts'

/** Every feature, in dependency order: each may call the doors of those above it. */
export const features: readonly Feature[] = [sitesFeature, widgetFeature]
