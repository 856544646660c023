import type { Feature } from '../../platform/feature.ts'
import { keepIndex } from './keep-index.ts'

let stopKeeping: () => void = () => undefined

export const searchFeature: Feature = {
  name: 'search',
  start() {
    stopKeeping = keepIndex()
  },
  stop() {
    stopKeeping()
  },
}
