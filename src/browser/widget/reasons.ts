import type { Say, WidgetKey } from '../../catalogues/widget-words.ts'

const reasons: Record<string, WidgetKey> = {
  text_too_long: 'reason.text_too_long',
  text_missing: 'reason.text_missing',
  text_invalid: 'reason.text_invalid',
  blocked: 'reason.blocked',
  form_invalid: 'reason.form_invalid',
  email_invalid: 'reason.email_invalid',
}

/** Why a message was refused for good. */
export const reasonOf = ({ code }: { code: string }, say: Say): string => say(reasons[code] ?? 'reason.other', { code })
