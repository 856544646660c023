import type { Audience } from './settings.ts'

/**
 * What the window offers: `chat`; `later`, a chat in which nobody is there now ("we answer later, leave an e-mail"); or
 * `form`, the feedback form, because this visitor may not chat.
 */
export type WindowMode = 'chat' | 'later' | 'form'

export type Situation = {
  chatEnabled: boolean
  audience: Audience
  /** The shop has said who this visitor is. */
  verified: boolean
  /** Somebody answers now. */
  agentsThere: boolean
}

/** Who sees what. The widget shows by it and the server refuses by it. */
export function windowMode({ chatEnabled, audience, verified, agentsThere }: Situation): WindowMode {
  if (!chatEnabled || (audience === 'registered' && !verified)) return 'form'
  return agentsThere ? 'chat' : 'later'
}
