import 'htmx.org'
import 'htmx.org/dist/ext/hx-ws.js'
import { startCard } from './card.ts'
import { stateChanged } from './composer.ts'
import { startCopying } from './copy.ts'
import { markOpenRow, startList } from './list.ts'
import { startLive } from './live.ts'
import { clearNoticesOnTry } from './notices.ts'
import { startSearch } from './search.ts'
import { startShell } from './shell.ts'
import { startSystem } from './system.ts'
import { startTalk } from './talk.ts'
import { showClocks, showTimes } from './times.ts'
import { startVisits } from './visit.ts'

pageChanged()
startTalk()
startCopying()
clearNoticesOnTry()
startCard()
startShell()
startVisits()
startList()
startSystem()
startSearch()
startLive()

// Whatever changes the page, htmx or a script of ours: what follows from it is done before it is painted.
new MutationObserver(pageChanged).observe(document.body, { childList: true, subtree: true, characterData: true })
setInterval(showTimes, 60_000)
setInterval(showClocks, 5000)

function pageChanged(): void {
  showTimes()
  showClocks()
  markOpenRow()
  stateChanged()
}
