import { Elysia } from 'elysia'
import { PresenceMark, PresenceMenu } from '../../../views/console/presence.tsx'
import { htmlFragment, isHtmx, json, partial } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { type Translate, translator } from '../../platform/lib/i18n.ts'
import { on } from '../../platform/live/bus.ts'
import { pushFragment } from '../../platform/live/hub.ts'
import { sayPresent } from '../../platform/live/presence.ts'
import { type Asked, awaySince, type Inside, raw, sayAway } from '../agents/index.ts'
import { consolesOf } from './own-lists.ts'

/** Whether an agent is there: what visitors are told of it follows from it. */
export const presenceRoutes = (inside: Inside) =>
  new Elysia({ name: 'inbox-presence' })
    .onError(({ error, request }) => problem(error, request))
    .put('/account/away', inside(say(true)), raw)
    .delete('/account/away', inside(say(false)), raw)

const say =
  (away: boolean) =>
  async ({ agent, t, request }: Asked): Promise<Response> => {
    await sayAway(agent.agentId, away)
    if (!isHtmx(request)) return json({ awaySince: await awaySince(agent.agentId) })
    return htmlFragment(presenceParts(t, away))
  }

/** Lets visitors and the agent's own windows know at once. */
export function pushPresence(): void {
  on('agent.presence', ({ agentId, awaySince: since }) => {
    const away = since !== null
    sayPresent(agentId, away)
    pushFragment(consolesOf(agentId), (locale) => presenceParts(translator(locale), away))
  })
}

/** Both places that show it, as they are now. */
export const presenceParts = (t: Translate, away: boolean): string =>
  partial('#presence-mark', 'outerMorph', <PresenceMark t={t} away={away} />) +
  partial('#presence-menu', 'outerMorph', <PresenceMenu t={t} away={away} />)
