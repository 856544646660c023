import './events.ts'

export {
  addressOf,
  contactsWithOrder,
  lastOrderOf,
  lastOrdersOf,
  type OrderCursor,
  ordersById,
  ordersOf,
} from './orders-of.ts'
export { foldNumber } from './fold-number.ts'
export { type OrderLine, type OrderRow, orders } from './schema.ts'
