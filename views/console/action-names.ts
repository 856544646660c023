/**
 * What can be done by a key and from the palette, in the order in which both list it. Each has words of its own,
 * `console.keys.NAME`, and each group a title, `console.keys.in.GROUP`.
 */
export const actionGroups = {
  going: ['palette', 'next', 'previous', 'waiting', 'active', 'finished', 'back', 'settings', 'account'],
  list: ['search', 'unread', 'zones', 'users', 'system', 'read_all', 'away'],
  conversation: [
    'take',
    'answer',
    'templates',
    'finish',
    'reopen',
    'latest',
    'copy_link',
    'show_all',
    'show_visitor',
    'show_agent',
    'show_actions',
  ],
  card: ['card', 'edit', 'note', 'client_more', 'link_client'],
  window: ['undo', 'theme', 'notices', 'keys', 'sign_out'],
} as const

export type ActionGroup = keyof typeof actionGroups
export type ActionName = (typeof actionGroups)[ActionGroup][number]
