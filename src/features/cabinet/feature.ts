import type { Feature } from '../../platform/feature.ts'
import { routes } from './routes.tsx'

export const cabinetFeature: Feature = { name: 'cabinet', routes }
