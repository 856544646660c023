import type { Feature } from '../../platform/feature.ts'

export const notesFeature: Feature = { name: 'notes' }
