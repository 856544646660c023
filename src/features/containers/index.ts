import './events.ts'

export { movementsOf, type Owed, owedBy, owedInAll } from './owed-by.ts'
export { type ContainerMovement, containerMovements } from './schema.ts'
export { changeMovement, keepMovement, type MovementValues, movementToChange } from './keep-movement.ts'
export { type MovementChange, readMovement } from './read-movement.ts'
export { forgetMovements } from './forget-movements.ts'
export { importMovements } from './import-movements.ts'
