import { showKeys } from './keys-dialog.ts'
import { action, findAction, isPossible, pressing, startKeys } from './keys.ts'
import { startMenus } from './menu.ts'
import { startNotices } from './notice.ts'
import { showNotices } from './notices-dialog.ts'
import { openPalette } from './palette.ts'
import { find } from './place.ts'
import { startTheme, switchTheme } from './theme.ts'
import { startTitle } from './title.ts'
import { canUndo, startToasts, undoLast } from './toast.ts'

/** What belongs to the window and not to what is open in it: menus, look, title, keys. */
export function startShell(): void {
  startToasts()
  startMenus()
  startTheme()
  startTitle()
  startNotices()
  startKeys()
  keepOfflinePage()
  document.addEventListener('click', ({ target }) => {
    const name = (target as Element).closest<HTMLElement>('[data-action]')?.dataset.action
    const wanted = name === undefined ? undefined : findAction(name)
    if (wanted && isPossible(wanted)) wanted.run()
  })
  action({ name: 'palette', keys: ['mod+k'], run: openPalette })
  action({ name: 'undo', keys: ['z'], when: canUndo, run: undoLast })
  action({ name: 'theme', keys: ['shift+d'], run: switchTheme })
  action({ name: 'notices', keys: ['g n'], run: showNotices })
  action({ name: 'keys', keys: ['?'], run: showKeys })
  action({ name: 'settings', keys: ['g s'], ...pressing('.rail a[href="/settings"]') })
  action({ name: 'account', keys: ['g u'], run: () => location.assign('/account') })
  action({ name: 'sign_out', keys: ['g q'], run: () => find('#sign-out')?.click() })
}

/** What is shown while there is no connection, and on some telephones what shows notifications. */
function keepOfflinePage(): void {
  const address = find('.app')?.dataset.worker
  if (address === undefined || !('serviceWorker' in navigator)) return
  void navigator.serviceWorker.register(address).catch(() => undefined)
}
