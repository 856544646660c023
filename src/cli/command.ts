import type { Flags, FlagTable } from './flags.ts'

export type Command = {
  /** How it is called, after the program's name. */
  usage: string
  /** What it does, in a line. */
  summary: string
  /** More for `help <command>`. */
  details?: string
  flags: FlagTable
  /** The flag that what follows its name without one stands for: `notify "TITLE"`. */
  takes?: string
  /** Runs it; the number is the exit code. `serve` never returns. */
  run(flags: Flags): Promise<number>
}

/** Prints a line that was asked for, wholly. Logs go to stderr, so that this can be piped. */
export async function print(line: string): Promise<void> {
  await Bun.write(
    Bun.stdout,
    `${line}
`,
  )
}
