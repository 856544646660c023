import type { Feature } from '../../platform/feature.ts'

export const contactsFeature: Feature = { name: 'contacts' }
