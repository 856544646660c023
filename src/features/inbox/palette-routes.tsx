import { Elysia } from 'elysia'
import { problem } from '../../platform/http/problem.tsx'
import type { Inside } from './asked.ts'

/** Where the palette finds what it offers. */
export const paletteRoutes = (_inside: Inside) =>
  new Elysia({ name: 'inbox-palette' }).onError(({ error, request }) => problem(error, request))
