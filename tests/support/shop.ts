import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export type Shop = { port: number; stop(): Promise<void> }

const hosts = join(import.meta.dir, '../browser/hosts')
const libraries: Record<string, string> = {
  '/jquery.js': fileURLToPath(import.meta.resolve('jquery/dist/jquery.js')),
  // Debian's libjs-prototype: the registry has it no more.
  '/prototype.js': '/usr/share/javascript/prototype/prototype.js',
}

/**
 * A shop that is no part of Kontuar, under any policy: one page with the snippet of `chat` in it, and the pages of
 * tests/browser/hosts by their names, where CHAT and SITE stand for the address and the id.
 */
export function openShop(chat: string, siteId: string, headers: Record<string, string> = {}): Shop {
  const snippet = `<script async src="${chat}/widget.js?site=${siteId}"></script>`
  const plain = `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>\n${snippet}`

  async function answer({ url }: Request): Promise<Response> {
    const path = new URL(url).pathname
    const library = libraries[path]
    if (library) return new Response(Bun.file(library))
    // A page that routes by itself is one page under many addresses.
    const file = Bun.file(join(hosts, `${path.split('/')[1]}.html`))
    if (path !== '/' && !(await file.exists())) return new Response(null, { status: 404 })
    const page = path === '/' ? plain : (await file.text()).replace('<!-- snippet -->', snippet)
    return new Response(page.replaceAll('CHAT', chat).replaceAll('SITE', siteId), {
      headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
    })
  }

  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer })
  return { port: server.port ?? 0, stop: () => server.stop(true) }
}
