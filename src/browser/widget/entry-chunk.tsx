import { Component } from 'preact'
import type { Say } from '../../catalogues/widget-words.ts'
import type { Entry } from './protocol.ts'
import { Day, EntryRow } from './rows.tsx'
import { sameDay, type When } from './when.ts'

export const chunkLength = 100

type Props = {
  /** of the whole log, which only grows */
  entries: Entry[]
  /** places in it: from, and up to but not including */
  from: number
  to: number
  /** how far the agents have read, if that is in here; else either end */
  seenTo: number
  /** how far the log has come before them, in the same way */
  deliveredTo: number
  /** the seq of the entry that the Tab key stops at, if it is in here */
  tabStop: number | null
  siteName: string
  /** of the shop's greeting, if that is in here */
  picture: string | null
  copy: (text: string) => void
  say: Say
  when: When
}

/** A hundred entries, drawn again together or not at all: of thousands only the last ones ever change. */
export class EntryChunk extends Component<Props> {
  override shouldComponentUpdate(next: Props) {
    return Object.keys(next).some((name) => next[name as keyof Props] !== this.props[name as keyof Props])
  }

  override render({ entries, from, to, seenTo, deliveredTo, tabStop, picture, ...shared }: Props) {
    return entries
      .slice(from, to)
      .flatMap((entry, at) => [
        !follows(entry, entries[from + at - 1]) && <Day key={`day-${entry.seq}`} at={entry.at} when={shared.when} />,
        <EntryRow
          key={entry.seq}
          entry={entry}
          mark={entry.seq <= seenTo ? 'seen' : entry.seq <= deliveredTo ? 'delivered' : 'sent'}
          picture={from + at === 0 ? picture : null}
          tabStop={entry.seq === tabStop}
          {...shared}
        />,
      ])
  }
}

const follows = (entry: Entry, before: Entry | undefined) => before !== undefined && sameDay(before.at, entry.at)

/** The chunks that show the log from the entry at `first`, which is where one begins. */
export function chunksFrom(first: number, length: number): { from: number; to: number }[] {
  const chunks = []
  for (let from = first; from < length; from += chunkLength)
    chunks.push({ from, to: Math.min(length, from + chunkLength) })
  return chunks
}
