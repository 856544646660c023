import type { Feature } from '../../platform/feature.ts'

export const clientsFeature: Feature = { name: 'clients' }
