import type { Feature } from '../../platform/feature.ts'
import { routes } from './routes.tsx'
import { settlePeople } from './settle-people.ts'
import { settleJob } from './settle-zones.ts'

export const clientsFeature: Feature = { name: 'clients', routes, jobs: { [settleJob]: settlePeople } }
