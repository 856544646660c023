import type { Translate } from '../../src/platform/lib/i18n.ts'
import { Icon } from '../ui/icon.tsx'

/** Where one looks for clients and words. Without script it is a form like any other. */
export function SearchBox({ t, words }: { t: Translate; words: string }) {
  return (
    <form class="search" id="search" role="search" action="/search">
      <Icon name="search" small />
      <label class="said" for="search-box">
        {t('console.search')}
      </label>
      <input
        id="search-box"
        name="q"
        type="search"
        value={words}
        maxLength={200}
        autocomplete="off"
        spellcheck={false}
        dir="auto"
        enterkeyhint="search"
        placeholder={t('console.search.placeholder')}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  )
}
