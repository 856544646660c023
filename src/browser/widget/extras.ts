import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Say } from '../../catalogues/widget-words.ts'
import type { Chat } from './chat.ts'

export type Forms = {
  FeedbackForm: ComponentType<{ chat: Chat; say: Say; showLog: (() => void) | null }>
  EmailCard: ComponentType<{ chat: Chat; say: Say }>
}

/** What comes only when it is wanted; rejects when it cannot be had. */
export type Extras = {
  /** Puts the emoji into `place`; `pick` takes the one that is pressed. */
  showEmoji(place: HTMLElement, say: Say, pick: (emoji: string) => void): Promise<void>
  forms(): Promise<Forms>
}

const tryAgainMs = 3_000

/** What a visitor fills in, once it is wanted and has come. */
export function useForms(extras: Extras, wanted: boolean): Partial<Forms> {
  const [found, setFound] = useState<Partial<Forms>>({})
  useEffect(() => {
    if (!wanted || found.FeedbackForm) return
    let timer: ReturnType<typeof setTimeout> | undefined
    extras.forms().then(setFound, () => {
      timer = setTimeout(() => setFound({}), tryAgainMs)
    })
    return () => clearTimeout(timer)
  }, [wanted, found])
  return found
}
