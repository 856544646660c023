import type { EventName, Listener } from './commands.ts'

/** Those of the shop's page who listen to the widget. One that throws is told of, and breaks nothing. */
export function makeListeners(complain: (sentence: string, error: unknown) => void) {
  let all: { name: EventName; listener: Listener }[] = []
  /** how things stand, for those who listen late */
  const standing = new Map<EventName, object>()

  function tell(listener: Listener, name: EventName, detail: object) {
    try {
      listener({ ...detail })
    } catch (error) {
      complain(`a listener of "${name}" threw:`, error)
    }
  }

  return {
    emit(name: EventName, detail: object = {}) {
      if (name === 'unread' || name === 'availability') standing.set(name, detail)
      for (const one of all.slice()) if (one.name === name) tell(one.listener, name, detail)
    },
    on(name: EventName, listener: Listener) {
      all.push({ name, listener })
      const detail = standing.get(name)
      if (detail) tell(listener, name, detail)
    },
    off(name: EventName, listener?: Listener) {
      all = all.filter((one) => one.name !== name || (listener !== undefined && one.listener !== listener))
    },
  }
}
