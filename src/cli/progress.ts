export type Progress = {
  /** So much of it is done now. */
  at(done: number): void
  /** Leaves a clean line. */
  end(): void
}

type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown }

const redrawMs = 100
const sayEveryMs = 10_000

/**
 * Tells on stderr how far a long work is: on a terminal in one line that is drawn again, elsewhere in a plain line every ten
 * seconds. `things` are counted up to `total`.
 */
export function showProgress(
  total: number,
  things: string,
  screen: Screen = process.stderr,
  clock = () => performance.now(),
): Progress {
  const began = clock()
  const drawn = screen.isTTY === true
  let told = drawn ? Number.NEGATIVE_INFINITY : began
  return {
    at(done) {
      const time = clock()
      if (time - told < (drawn ? redrawMs : sayEveryMs) && !(drawn && done >= total)) return
      told = time
      const line = progressLine(done, total, things, (time - began) / 1000)
      screen.write(drawn ? `\r${fitted(line, done / total, screen.columns || 80)}\u001b[K` : `${line}\n`)
    },
    end() {
      if (drawn) screen.write('\r\u001b[K')
    },
  }
}

function progressLine(done: number, total: number, things: string, seconds: number): string {
  const rate = done / Math.max(seconds, 0.001)
  const left = rate > 0 ? Math.ceil((total - done) / rate) : 0
  const share = `${String(Math.floor((100 * done) / total)).padStart(3)} %`
  return `${share}  ${number(done)} of ${number(total)} ${things}, ${number(Math.round(rate))}/s, ${left} s left`
}

/** The line with a bar before it, as far as the terminal has room. */
function fitted(line: string, share: number, columns: number): string {
  const room = Math.min(30, columns - line.length - 5)
  if (room < 5) return line.slice(0, Math.max(0, columns - 1))
  const full = Math.min(room, Math.floor(share * room))
  return `[${'#'.repeat(full)}${'.'.repeat(room - full)}] ${line}`
}

const number = (value: number): string => value.toLocaleString('en')
