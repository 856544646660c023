import { ask, type Asked } from './ask.ts'
import { toast } from './toast.ts'

/** What a button does: by which request, by which it is undone, what is said, and who asks for itself then. */
type Deed = { ask: Asked; undo?: Asked; address: string; said: string; then?: string }

/** Buttons of `data-ask` with an address: done at once, said, and undone for a while. */
export function startDeeds(): void {
  document.addEventListener('click', ({ target }) => {
    const doer = target instanceof Element ? target.closest<HTMLElement>('[data-ask][data-address]') : null
    if (doer) void perform(doer.dataset as unknown as Deed, failedBeside(doer))
  })
}

const failedBeside = (doer: HTMLElement): string => doer.closest<HTMLElement>('[data-failed]')?.dataset.failed ?? ''

async function perform(deed: Deed, failed: string): Promise<void> {
  const { undo, said } = deed
  if (!(await request(deed.ask, deed, failed))) return
  toast(said, undo === undefined ? {} : { undo: () => void request(undo, deed, failed) })
}

async function request(method: Asked, { address, then = 'card-changed' }: Deed, failed: string): Promise<boolean> {
  const done = await ask(method, address)
  if (!done?.ok) toast(failed, { failed: true })
  document.body.dispatchEvent(new CustomEvent(then))
  return done?.ok ?? false
}
