import type { MessageRow } from '../conversations/index.ts'

/** What an entry is found by: what somebody wrote, and what they filled in beside it. */
export function wordsOfEntry({ kind, body, data }: Pick<MessageRow, 'kind' | 'body' | 'data'>): string {
  if (kind === 'event') return data?.email ?? ''
  const { topic = '', name = '', email = '', phone = '' } = data?.form ?? {}
  return [body, topic, name, email, phone].filter((part) => part !== '').join('\n')
}
