import 'htmx.org'
import 'htmx.org/dist/ext/hx-ws.js'
import { startCard } from './card.ts'
import { startComposer, stateChanged } from './composer.ts'
import { startCopying } from './copy.ts'
import { markOpenRow, startList } from './list.ts'
import { startLive } from './live.ts'
import { clearNoticesOnTry } from './notices.ts'
import { startOutbox } from './outbox.ts'
import { messages, onOpen } from './place.ts'
import { tidy } from './rows.ts'
import { startShell } from './shell.ts'
import { showClocks, showTimes } from './times.ts'
import { hideTypingIfSaid, startTyping } from './typing.ts'
import { rowsChanged, startView } from './view.ts'
import { startVisits } from './visit.ts'

pageChanged()
startTyping()
startView()
startOutbox()
startComposer()
startCopying()
clearNoticesOnTry()
startCard()
startShell()
startVisits()
startList()
startLive()

// Whatever changes the page, htmx or a script of ours: what follows from it is done before it is painted.
new MutationObserver(pageChanged).observe(document.body, { childList: true, subtree: true, characterData: true })
const rows = new MutationObserver(messagesChanged)
onOpen(() => {
  rows.disconnect()
  const list = messages()
  if (list) rows.observe(list, { childList: true })
})
setInterval(showTimes, 60_000)
setInterval(showClocks, 5000)

function pageChanged(): void {
  showTimes()
  showClocks()
  markOpenRow()
  stateChanged()
}

function messagesChanged(): void {
  tidy()
  hideTypingIfSaid()
  rowsChanged()
}
