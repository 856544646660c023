import type { Feature } from '../../platform/feature.ts'
import { routes } from './routes.tsx'

export const templatesFeature: Feature = { name: 'templates', routes }
