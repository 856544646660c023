import { openLog } from './log.ts'

let visitorRead = 0

/** Begins anew with the mark that the page of a conversation came with. */
export function forgetSeen(list: HTMLElement): void {
  visitorRead = Number(list.dataset.visitorRead ?? 0)
}

/** Marks our answers up to the visitor's mark as seen; a mark only rises. */
export function showSeen(seq = 0): void {
  visitorRead = Math.max(visitorRead, seq)
  for (const row of openLog()?.list.querySelectorAll<HTMLElement>('li[data-from="agent"][data-seq]') ?? []) {
    row.toggleAttribute('data-seen', Number(row.dataset.seq) <= visitorRead)
  }
}
