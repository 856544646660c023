import { find } from './place.ts'
import { visit } from './visit.ts'

/** Whether the browser has notifications, gives them to this page, and has not been asked yet. */
export const mayAsk = (): boolean =>
  'Notification' in window && isSecureContext && Notification.permission === 'default'

/** Asks for leave, where it has not been given or refused; only ever after a press. */
export async function allowed(): Promise<boolean> {
  if (!('Notification' in window) || !isSecureContext) return false
  return (await Notification.requestPermission()) === 'granted'
}

/** Shows it, as text alone; a press opens the conversation. False where the browser does not. */
export async function showNotification(notice: {
  conversationId: string
  who: string
  words: string
}): Promise<boolean> {
  if (!('Notification' in window) || Notification.permission !== 'granted') return false
  const { conversationId, who, words } = notice
  const icon = find<HTMLLinkElement>('link[rel="apple-touch-icon"]')?.href
  const options = { body: words, tag: conversationId, silent: true, dir: 'auto', ...(icon ? { icon } : {}) } as const
  try {
    const notification = new Notification(who, options)
    notification.onclick = () => {
      window.focus()
      notification.close()
      if (conversationId !== '') open(`/c/${conversationId}`)
    }
    return true
  } catch {
    // Android shows them through the service worker alone.
    const worker = await navigator.serviceWorker?.getRegistration()
    await worker?.showNotification(who, { ...options, data: conversationId })
    return worker !== undefined
  }
}

function open(address: string): void {
  if (find('.console[data-page="inbox"]')) void visit(address)
  else location.assign(address)
}
