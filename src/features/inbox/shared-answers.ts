import { leave, type Watcher, watch } from '../../platform/live/hub.ts'

// A poke makes every open console ask for its list at once. Whoever asks between two pokes gets the same answer: a change
// that came after it was made is told by a poke of its own, and that poke forgets the answer.
const answers = new Map<string, Promise<unknown>>()

const onPoke: Watcher = { locale: 'en', send: () => answers.clear(), close: () => undefined }

/** The answer to a question that many ask at once; asked anew after each poke of the consoles. */
export function shared<T>(question: string, answer: () => Promise<T>): Promise<T> {
  const known = answers.get(question)
  if (known) return known as Promise<T>
  const made = answer()
  answers.set(question, made)
  made.catch(() => answers.delete(question))
  return made
}

/** Begins to listen for pokes; the way to stop is returned. */
export function shareAnswers(topic: string): () => void {
  watch(onPoke, topic)
  return () => {
    leave(onPoke)
    answers.clear()
  }
}
