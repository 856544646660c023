import { Elysia } from 'elysia'
import { problem } from '../../platform/http/problem.tsx'
import type { Inside } from './asked.ts'

/** Whom a conversation is with, and what is written about them. */
export const cardRoutes = (_inside: Inside) =>
  new Elysia({ name: 'inbox-card' }).onError(({ error, request }) => problem(error, request))
