import type { Feature } from '../../platform/feature.ts'
import { routes } from './routes.tsx'

export const clientsFeature: Feature = { name: 'clients', routes }
