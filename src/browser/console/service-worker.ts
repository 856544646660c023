// Keeps one page, the one that says that there is no connection: no data, no script, no style. Whatever else is shown comes
// from the server, as if this were not here.
type Lasting = Event & { waitUntil(done: Promise<unknown>): void }
type Fetching = Lasting & { request: Request; respondWith(answer: Promise<Response>): void }
type Pressed = Lasting & { notification: Notification }
type Client = { url: string; focus(): Promise<unknown>; navigate(url: string): Promise<unknown> }
type Scope = {
  skipWaiting(): Promise<void>
  clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<Client[]>
    openWindow(url: string): Promise<unknown>
  }
}

const worker = self as unknown as Scope
const storeName = 'kontuar-offline'
const offlinePage = `/offline?lang=${new URL(location.href).searchParams.get('lang') ?? ''}`

const on = <E extends Event>(name: string, listener: (event: E) => void) =>
  addEventListener(name, (event) => listener(event as E))

on<Lasting>('install', (event) => event.waitUntil(keepPage()))
on<Lasting>('activate', (event) => event.waitUntil(dropOtherPages()))
on<Fetching>('fetch', (event) => {
  if (isConsole(event.request)) event.respondWith(fetch(event.request).catch(fromStore))
})
on<Pressed>('notificationclick', (event) => event.waitUntil(openConversation(event.notification)))

async function keepPage(): Promise<void> {
  const store = await caches.open(storeName)
  await store.add(new Request(offlinePage, { cache: 'reload' }))
  await worker.skipWaiting()
}

/** In the language before, or of the version before. */
async function dropOtherPages(): Promise<void> {
  const store = await caches.open(storeName)
  const others = (await store.keys()).filter(({ url }) => !url.endsWith(offlinePage))
  await Promise.all(others.map((other) => store.delete(other)))
}

/** A page of the console in a window of its own: the widget's frames and the demo shop go their own ways. */
function isConsole({ mode, destination, url }: Request): boolean {
  const { pathname } = new URL(url)
  return mode === 'navigate' && destination === 'document' && /^\/($|inbox$|c\/|settings\/|account$)/.test(pathname)
}

const fromStore = async (): Promise<Response> => (await caches.match(offlinePage)) ?? Response.error()

async function openConversation(notification: Notification): Promise<void> {
  notification.close()
  const address = `/c/${encodeURIComponent(String(notification.data ?? ''))}`
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const console = windows.find(({ url }) => /^\/(inbox|c\/)/.test(new URL(url).pathname))
  if (!console) return void (await worker.clients.openWindow(address))
  await console.focus()
  await console.navigate(address)
}

// A module for the compiler alone.
export {}
