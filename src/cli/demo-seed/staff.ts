import type { Role } from '../../features/agents/index.ts'
import type { Locale } from '../../platform/lib/i18n.ts'

export type Colleague = { name: string; email: string; role: Role; speaks: readonly Locale[] }

/** Who answers in the demo's shop. What they say in the catalogues is said by women where the language tells. */
export const staff: readonly Colleague[] = [
  { name: 'Marina Sokolova', email: 'marina@northwater.example', role: 'owner', speaks: ['ru', 'en'] },
  { name: 'Agnieszka Zielińska', email: 'agnieszka@northwater.example', role: 'admin', speaks: ['pl', 'en'] },
  { name: 'Анна Белова', email: 'anna@northwater.example', role: 'agent', speaks: ['ru'] },
  { name: 'Ewa Mazur', email: 'ewa@northwater.example', role: 'agent', speaks: ['pl'] },
  { name: 'Claire Moreau', email: 'claire@northwater.example', role: 'agent', speaks: ['fr'] },
  { name: 'James Carter', email: 'james@northwater.example', role: 'agent', speaks: ['en'] },
]
