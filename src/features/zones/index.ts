import './events.ts'

export { findZone, listZones } from './find-zones.ts'
export { type ZoneRow, zones } from './schema.ts'
