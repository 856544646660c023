const heldMs = 500
const slackPx = 10

/**
 * Listeners for a list of messages: a finger that rests on one calls `pressed` with its `data-key`. At the end of the touch:
 * only then may a browser's clipboard be written.
 */
export function onLongPress(pressed: (key: string) => void) {
  return {
    onPointerDown(event: PointerEvent) {
      const target = event.target as Element
      const key = target.closest('.face')?.closest<HTMLElement>('[data-key]')?.dataset.key
      touch = event.pointerType === 'touch' && key && !target.closest('a') ? { key, event, at: event.timeStamp } : null
    },
    onPointerMove({ clientX, clientY }: PointerEvent) {
      if (!touch) return
      const { event } = touch
      if (Math.hypot(clientX - event.clientX, clientY - event.clientY) > slackPx) touch = null
    },
    onPointerUp({ timeStamp }: PointerEvent) {
      if (touch && timeStamp - touch.at >= heldMs) pressed(touch.key)
      touch = null
    },
    onPointerCancel() {
      touch = null
    },
    onContextMenu(event: Event) {
      if (touch) event.preventDefault()
    },
  }
}

// One finger at a time; the listeners are made anew with every drawing.
let touch: { key: string; event: PointerEvent; at: number } | null = null
