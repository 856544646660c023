import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { problem } from '../../platform/http/problem.tsx'
import { insideOf, managed } from '../agents/index.ts'
import { settingsRoutes } from './settings-routes.tsx'
import { unsubscribeRoutes } from './unsubscribe-routes.tsx'

/** The page of the cabinet, and the way out of our mails. */
export const routes = (config: Config) =>
  new Elysia({ name: 'mail' })
    .onError(({ error, request }) => problem(error, request))
    .use(settingsRoutes(managed(insideOf(config)), config))
    .use(unsubscribeRoutes())
