import { hello, type ToFrame, type ToLoader, welcome } from './port.ts'

/**
 * Asks the page that holds this frame for a port, and takes it from nobody else: not from a sibling frame, not from an
 * opener, not from a page without an origin, and not twice.
 */
export function meetLoader(
  view: Window,
  take: (message: ToFrame) => void,
  met: (post: (message: ToLoader) => void) => void,
) {
  let port: MessagePort | null = null
  view.addEventListener('message', (event) => {
    if (port || event.data !== welcome || event.source !== view.parent || event.origin === 'null') return
    const [given] = event.ports
    if (!given) return
    port = given
    given.onmessage = ({ data }: MessageEvent<ToFrame>) => take(data)
    met((message) => given.postMessage(message))
  })
  // It carries nothing, and whoever holds the frame may hear it: frame-ancestors says who that can be.
  if (view.parent !== view) view.parent.postMessage(hello, '*')
}
