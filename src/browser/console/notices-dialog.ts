import type { Finding } from '../../../views/console/notices-dialog.tsx'
import { ringSoon } from './bell.ts'
import { allowed, showNotification } from './desktop.ts'
import { openDialog } from './dialogs.ts'
import { noticeSettings, setNotices } from './notice-settings.ts'

/** Opens what calls the agent, to switch and to try it. */
export const showNotices = (): void => void openDialog('notices', prepare)

function prepare(dialog: HTMLDialogElement): void {
  const part = <E extends HTMLElement>(selector: string) => dialog.querySelector<E>(selector)
  const sound = part<HTMLInputElement>('#notice-sound')
  const desktop = part<HTMLInputElement>('#notice-desktop')
  const test = part<HTMLButtonElement>('#notice-test')
  if (!sound || !desktop || !test) return
  const settings = noticeSettings()
  sound.checked = settings.sound
  desktop.checked = settings.desktop && granted()
  sound.onchange = () => setNotices({ sound: sound.checked })
  desktop.onchange = () => void switchDesktop(dialog, desktop)
  test.onclick = () => void tryBoth(dialog, test.dataset.who ?? '', test.dataset.words ?? '')
  tell(dialog, [])
}

const granted = (): boolean => 'Notification' in window && Notification.permission === 'granted'

async function switchDesktop(dialog: HTMLElement, desktop: HTMLInputElement): Promise<void> {
  const on = desktop.checked && (await allowed())
  if (desktop.checked && !on) tell(dialog, [whyNot()])
  desktop.checked = on
  setNotices({ desktop: on, asked: true })
}

async function tryBoth(dialog: HTMLElement, who: string, words: string): Promise<void> {
  const { sound, desktop } = noticeSettings()
  const heard: Finding = !sound ? 'muted' : (await ringSoon()) ? 'heard' : 'silent'
  const shown = desktop && (await showNotification({ conversationId: '', who, words }))
  tell(dialog, [heard, shown ? 'shown' : desktop || whyNot() !== 'unanswered' ? whyNot() : 'closed'])
}

/** Why this browser shows no notification. */
function whyNot(): Finding {
  if (!isSecureContext) return 'insecure'
  if (!('Notification' in window)) return 'unable'
  if (Notification.permission === 'granted') return 'closed'
  return Notification.permission === 'denied' ? 'denied' : 'unanswered'
}

function tell(dialog: HTMLElement, findings: Finding[]): void {
  for (const line of dialog.querySelectorAll<HTMLElement>('[data-finding]')) {
    line.hidden = !findings.includes(line.dataset.finding as Finding)
  }
}
