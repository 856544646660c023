import type { Folder } from '../../src/features/conversations/index.ts'
import type { UnreadFolder } from '../../src/features/messages/index.ts'
import type { SystemStanding } from '../../src/features/system-messages/index.ts'
import type { Translate } from '../../src/platform/lib/i18n.ts'
import { countText, Unread } from '../ui/badge.tsx'
import { IconButton } from '../ui/button.tsx'
import { refusedInToasts } from '../ui/refused.ts'
import { folders, type Listed, listQuery } from './inbox-row.tsx'
import { type Choices, Filters } from './list-filters.tsx'
import { SearchBox } from './search-box.tsx'
import { isSystemListed, SystemRow } from './system-row.tsx'

/**
 * How many conversations stand in each folder under the filters, and in how many of them the viewer has something unread: up
 * to 100. `all`: in how many there is, whatever the filters.
 */
export type Counts = {
  in: Record<Folder, number>
  unread: Record<UnreadFolder, number>
  all: Record<UnreadFolder, number>
  system: SystemStanding
}

export const unreadIn = ({ unread }: Counts, folder: Folder): number => (folder === 'finished' ? 0 : unread[folder])

/** Conversations with something unread, as title and favicon count them; what the system says is one more. */
export const unreadInAll = ({ all, system }: Counts): number =>
  Math.min(100, all.waiting + all.active + (system.unread > 0 && !system.hidden ? 1 : 0))

/** What is unread in the list that is shown. */
function unreadListed(counts: Counts, listed: Listed): number {
  if (listed.kind === 'system') return counts.system.unread
  return unreadIn(counts, listed.folder) + (isSystemListed(counts.system, listed) ? counts.system.unread : 0)
}

export type Head = { t: Translate; counts: Counts; choices: Choices; listed: Listed }

/** What stands above the rows and is the viewer's own: search, folders, filters, and what is done to all that is listed. */
export function ListHead({ t, counts, choices, listed }: Head) {
  const { system } = counts
  return (
    <div id="list-head" data-list={listQuery(listed)} data-unread={unreadInAll(counts)}>
      <div class="pane-bar">
        <h1 class="said">{t('console.nav.conversations')}</h1>
        <SearchBox t={t} words="" />
        <IconButton
          id="read-all"
          icon="read_all"
          label={t('console.read_all')}
          disabled={unreadListed(counts, listed) === 0}
          hx-post={`/inbox/read-all?${listQuery(listed)}`}
          hx-target="#toasts"
          hx-swap="none"
          hx-sync="this:drop"
          {...refusedInToasts}
        />
      </div>
      <nav class="folders" id="folders" aria-label={t('console.folders')}>
        {folders.map((folder) => (
          <a
            key={folder}
            href={`/inbox?${listQuery(ofFolder(listed, folder))}`}
            data-folder={folder}
            aria-current={folder === listed.folder && listed.kind !== 'system' ? 'page' : undefined}
          >
            <span>{t(`console.folder.${folder}`)}</span>{' '}
            <span class="numbers">
              <span class="count">{countText(t, counts.in[folder])}</span>
              <Unread t={t} count={unreadIn(counts, folder)} />
            </span>
          </a>
        ))}
      </nav>
      <Filters
        t={t}
        listed={listed}
        choices={choices}
        unread={listed.kind === 'system' ? system.unread : unreadIn(counts, listed.folder)}
        unreadSystem={system.unread}
      />
      {isSystemListed(system, listed) ? <SystemRow t={t} standing={system} listed={listed} /> : null}
    </div>
  )
}

/** The system's messages stand in no folder: whoever goes to one leaves them. */
const ofFolder = (listed: Listed, folder: Folder): Listed => ({
  ...listed,
  folder,
  kind: listed.kind === 'system' ? null : listed.kind,
})
