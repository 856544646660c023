import type { Feature } from '../../platform/feature.ts'
import { api } from './api.ts'

export const clientsFeature: Feature = { name: 'clients', routes: api }
