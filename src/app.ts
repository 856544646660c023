import { Elysia } from 'elysia'
import type { Config } from './config.ts'
import type { Feature } from './platform/feature.ts'
import { assets } from './platform/http/assets.ts'
import { health } from './platform/http/health.ts'
import { problem } from './platform/http/problem.tsx'

/** The web application: platform plugins and every feature's routes. */
export async function createApp(config: Config, features: readonly Feature[]) {
  const app = new Elysia({ name: 'kontuar' })
    // What no route answers for itself. The framework's own answer to an error would tell its message.
    .onError(({ error, request }) => problem(error, request))
    .use(await assets())
    .use(health())
  for (const feature of features) if (feature.routes) app.use(feature.routes(config))
  return app
}
