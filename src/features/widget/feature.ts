import type { Feature } from '../../platform/feature.ts'
import { visitorApi } from './api.ts'
import { createGate } from './gate.ts'
import { pushToVisitors } from './live.ts'
import { widgetPages } from './pages.tsx'
import { visitorSockets } from './visitor-socket.ts'

// Spread over a few seconds, so that a restart is not met by everybody at once.
const soonestReturnMs = 500
const returnSpreadMs = 2500

let stopPushing: () => void = () => undefined

export const widgetFeature: Feature = {
  name: 'widget',
  routes: (config) => visitorApi(createGate(config)).use(widgetPages(config)),
  start() {
    stopPushing = pushToVisitors()
  },
  stop() {
    stopPushing()
    for (const socket of [...visitorSockets])
      socket.bye('stopping', Math.round(soonestReturnMs + Math.random() * returnSpreadMs), 1012)
  },
}
