export type Shop = { port: number; stop(): Promise<void> }

/** A shop that is no part of Kontuar: one page with the snippet of `chat` in it, under any policy. */
export function openShop(chat: string, siteId: string, headers: Record<string, string> = {}): Shop {
  const body = `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>
<script async src="${chat}/widget.js" data-site="${siteId}"></script>`
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: ({ url }) =>
      new URL(url).pathname === '/'
        ? new Response(body, { headers: { 'content-type': 'text/html; charset=utf-8', ...headers } })
        : new Response(null, { status: 404 }),
  })
  return { port: server.port ?? 0, stop: () => server.stop(true) }
}
