import './events.ts'

export { movementsOf, type Owed, owedBy, owedInAll } from './owed-by.ts'
export { type ContainerMovement, containerMovements } from './schema.ts'
