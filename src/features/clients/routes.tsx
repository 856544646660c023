import { Elysia } from 'elysia'
import type { Config } from '../../config.ts'
import { api } from './api.ts'
import { zonesRoutes } from './zones-routes.tsx'

/** The shop's programs at one door, those who run the shop at the other. */
export const routes = (config: Config) => new Elysia({ name: 'clients' }).use(api(config)).use(zonesRoutes(config))
