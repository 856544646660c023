import type { Feature } from '../../platform/feature.ts'

export const ordersFeature: Feature = { name: 'orders' }
