import { keep, kept } from './keep.ts'
import { agentId } from './place.ts'

// What is being written in the card outlives a reload, and a look at another conversation.

type Draft = { text: string; was: string }

const nameOf = (form: HTMLFormElement): string => `kontuar:editor:${agentId}:${new URL(form.action).pathname}`

/** Keeps what stands in the form's field, with what stood there before; nothing where they are the same. */
export function keepDraft(form: HTMLFormElement, { text, was }: Draft): void {
  keep(nameOf(form), text === was ? null : JSON.stringify({ text, was }))
}

export const dropDraft = (form: HTMLFormElement): void => keep(nameOf(form), null)

export function keptDraft(form: HTMLFormElement): Draft | null {
  try {
    const draft = JSON.parse(kept(nameOf(form)) ?? 'null') as Partial<Draft> | null
    return typeof draft?.text === 'string' && typeof draft.was === 'string'
      ? { text: draft.text, was: draft.was }
      : null
  } catch {
    return null
  }
}
