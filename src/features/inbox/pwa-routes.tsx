import { Elysia } from 'elysia'
import { problem } from '../../platform/http/problem.tsx'
import type { Inside } from './asked.ts'

/** What a browser needs to keep the console as an application. */
export const pwaRoutes = (_inside: Inside) =>
  new Elysia({ name: 'inbox-pwa' }).onError(({ error, request }) => problem(error, request))
