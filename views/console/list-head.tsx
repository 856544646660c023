import type { Folder } from '../../src/features/conversations/index.ts'
import type { UnreadFolder } from '../../src/features/messages/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { countText, Unread } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { Chip } from '../ui/chip.tsx'
import { type Listed, listQuery } from './inbox-row.tsx'

export const folders = ['waiting', 'active', 'finished'] as const

/** How many conversations stand in each folder, and in how many of them the viewer has something unread: up to 100. */
export type Counts = { in: Record<Folder, number>; unread: Record<UnreadFolder, number> }

export const unreadIn = ({ unread }: Counts, folder: Folder): number => (folder === 'finished' ? 0 : unread[folder])

/** Conversations with something unread, as title and favicon count them. */
export const unreadInAll = ({ unread }: Counts): number => Math.min(100, unread.waiting + unread.active)

type Head = { t: Translate; counts: Counts; listed: Listed }

/** What stands above the rows and is the viewer's own: folders, filters, and what is done to all that is listed. */
export function ListHead({ t, counts, listed }: Head) {
  const unread = unreadIn(counts, listed.folder)
  return (
    <div id="list-head" data-list={listQuery(listed)} data-unread={unreadInAll(counts)}>
      <div class="pane-bar">
        <h1>{t('console.nav.conversations')}</h1>
        <IconButton
          id="read-all"
          icon="read_all"
          label={t('console.read_all')}
          disabled={unread === 0}
          hx-post={`/inbox/read-all?${listQuery(listed)}`}
          hx-target="#toasts"
          hx-swap="none"
          hx-sync="this:drop"
          {...told}
        />
      </div>
      <nav class="folders" id="folders" aria-label={t('console.folders')}>
        {folders.map((folder) => (
          <a
            key={folder}
            href={`/inbox?${listQuery({ ...listed, folder })}`}
            data-folder={folder}
            aria-current={folder === listed.folder ? 'page' : undefined}
          >
            <span>{t(`console.folder.${folder}`)}</span>{' '}
            <span class="numbers">
              <span class="count">{countText(t, counts.in[folder])}</span>
              <Unread t={t} count={unreadIn(counts, folder)} />
            </span>
          </a>
        ))}
      </nav>
      <div class="filters" role="group" aria-label={t('console.filters')}>
        <Chip
          id="filter-unread"
          on={listed.unreadOnly}
          href={`/inbox?${listQuery({ ...listed, unreadOnly: !listed.unreadOnly })}`}
        >
          {t('console.filter.unread')} {unread === 0 ? null : <span class="count">{countText(t, unread)}</span>}
        </Chip>
      </div>
    </div>
  )
}

// A refusal is said where what was done is said.
const refused = 'target:#toasts, swap:beforeend'
const told = { 'hx-status:4xx': refused, 'hx-status:5xx': refused }
