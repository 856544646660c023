/** A process of the bench that says `ready`, waits for a line on stdin, and prints one JSON line at its end. */
export type Held<T> = {
  ready: Promise<void>
  /** Lets it go on; it ends by itself. */
  go(): void
  result: Promise<T>
}

export function hold<T>(command: string[]): Held<T> {
  const run = Bun.spawn(command, { stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' })
  const ready = Promise.withResolvers<void>()
  const read = async (): Promise<T> => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of run.stdout) {
      text += decoder.decode(chunk, { stream: true })
      if (text.startsWith('ready\n')) ready.resolve()
    }
    const code = await run.exited
    const early = new Error(`${command[1]} ended early (${code})`)
    ready.reject(early)
    if (code !== 0) throw early
    return JSON.parse(text.replace('ready\n', '')) as T
  }
  const result = read()
  // Whoever waits for `ready` hears of an early end there.
  result.catch(() => undefined)
  return {
    ready: ready.promise,
    go: () => {
      void run.stdin.write('go\n')
      void run.stdin.end()
    },
    result,
  }
}
