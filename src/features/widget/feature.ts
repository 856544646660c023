import type { Feature } from '../../platform/feature.ts'
import { onUntold } from '../../platform/db/state.ts'
import { visitorApi } from './api.ts'
import { createGate } from './gate.ts'
import { linkRoutes } from './link-routes.tsx'
import { pushToVisitors } from './live.ts'
import { widgetPages } from './pages.tsx'
import { visitorSockets } from './visitor-socket.ts'

// Spread over a few seconds, so that a restart is not met by everybody at once.
const soonestReturnMs = 500
const returnSpreadMs = 2500

let stopPushing: () => void = () => undefined
let stopSeeking: () => void = () => undefined

export const widgetFeature: Feature = {
  name: 'widget',
  routes(config) {
    const gate = createGate(config)
    return visitorApi(gate).use(widgetPages(config)).use(linkRoutes(config, gate))
  },
  start() {
    stopPushing = pushToVisitors()
    stopSeeking = onUntold(() => letAllResume())
  },
  stop() {
    stopSeeking()
    stopPushing()
    for (const socket of [...visitorSockets]) socket.bye('stopping', inAWhile(), 1012)
  },
}

/** Has every visitor ask for what they may have missed: a connection begins with that. */
function letAllResume(): void {
  for (const socket of [...visitorSockets]) socket.bye('look_again', inAWhile(), 1012)
}

const inAWhile = (): number => Math.round(soonestReturnMs + Math.random() * returnSpreadMs)
