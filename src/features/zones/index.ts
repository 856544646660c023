import './events.ts'

export { findZone, listZones } from './find-zones.ts'
export { changeZone, keepZone } from './keep-zone.ts'
export { readZone, type ZoneChange } from './read-zone.ts'
export { type ZoneRow, zones } from './schema.ts'
export { zonesByName, zonesToArrange, zoneToChange } from './zones-to-change.ts'
export { importZones } from './import-zones.ts'
