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
export { zonesThatHold } from './zones-that-hold.ts'
export { changeOrder, keepOrder, type OrderValues, orderToChange } from './keep-order.ts'
export { type OrderChange, readOrder } from './read-order.ts'
export { forgetOrders } from './forget-orders.ts'
export { importOrders } from './import-orders.ts'
