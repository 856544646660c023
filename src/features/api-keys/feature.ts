import type { Feature } from '../../platform/feature.ts'
import { routes } from './routes.tsx'

export const apiKeysFeature: Feature = { name: 'api-keys', routes }
