import type { Feature } from '../../platform/feature.ts'
import { pictureApi } from './api.ts'

export const picturesFeature: Feature = { name: 'pictures', routes: pictureApi }
