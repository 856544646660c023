import { dirname, join, normalize } from 'node:path'

/** A source file and what it imports at run time; `import type` binds nothing and is free. */
export type Source = { path: string; imports: string[] }

const transpilers = { ts: new Bun.Transpiler({ loader: 'ts' }), tsx: new Bun.Transpiler({ loader: 'tsx' }) }

/** Reads a file's run-time imports, relative ones as paths from the root of the project. */
export function scan(path: string, text: string): Source {
  const found = transpilers[path.endsWith('.tsx') ? 'tsx' : 'ts'].scanImports(text)
  return {
    path,
    imports: found.map((one) => (one.path.startsWith('.') ? normalize(join(dirname(path), one.path)) : one.path)),
  }
}

const feature = (path: string) => /^src\/features\/([^/]+)\//.exec(path)?.[1]

const room = (path: string): string => {
  const [, name] = /^(?:src\/)?([^/]+)\//.exec(path) ?? []
  return /^src\/[^/]+$/.test(path) || /^src\/(cli|build)\//.test(path) ? 'house' : (name ?? 'outside')
}

const mayImport: Record<string, (to: string) => boolean> = {
  house: () => true,
  catalogues: (to) => room(to) === 'catalogues',
  views: (to) => room(to) === 'views' || to.startsWith('src/platform/lib/'),
  platform: (to) => ['platform', 'catalogues'].includes(room(to)) || to.startsWith('views/ui/'),
  browser: (to) => ['browser', 'views', 'catalogues'].includes(room(to)),
  providers: (to) => ['providers', 'platform'].includes(room(to)),
  features: (to) => ['features', 'platform', 'views', 'providers'].includes(room(to)),
}

const speaksHttp =
  /^src\/(platform\/http\/|features\/[^/]+\/(([\w-]+-)?routes\.tsx|api\.ts|pages\.tsx)$|features\/widget\/socket\.ts$|[^/]+$)/

/**
 * Every import that the rules of the house forbid, as `file -> import: rule`. `order` is the manifest: a feature may
 * call the doors of those that stand before it.
 */
export function violations(sources: Source[], order: string[]): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.flatMap((to) => {
      const rule = broken(path, to, order)
      return rule ? [`${path} -> ${to}: ${rule}`] : []
    }),
  )
}

function broken(path: string, to: string, order: string[]): string | null {
  if (to === 'elysia' && !speaksHttp.test(path)) return 'only routes, pages, api, socket and platform/http know Elysia'
  if (!/^(src|views|tests|bench)\//.test(to)) return outside(path, to)
  if (!mayImport[room(path)]?.(to)) return `${room(path)} may not import ${room(to)}`
  if (to.endsWith('/feature.ts') && room(to) === 'features' && path !== 'src/features.ts')
    return 'only features.ts imports plugs'
  return throughTheDoor(path, to, order)
}

/** Views and browser code run without a server, so they bring nothing of one. */
function outside(path: string, to: string): string | null {
  if (room(path) !== 'views' && room(path) !== 'browser') return null
  return /^(bun|node|drizzle-orm|elysia)(:|\/|$)/.test(to) ? `${room(path)} may not import ${to}` : null
}

function throughTheDoor(path: string, to: string, order: string[]): string | null {
  const from = feature(path)
  const target = feature(to)
  if (from === undefined || target === undefined || from === target) return null
  // A table names the tables its keys refer to, and the door behind which those stand would bring the whole feature.
  const isReference = path.endsWith('/schema.ts') && to === `src/features/${target}/schema.ts`
  if (!isReference && !to.endsWith(`/${target}/index.ts`)) return `${target} is entered through its index.ts`
  return order.indexOf(target) < order.indexOf(from) ? null : `${target} stands below ${from} in the manifest`
}
