import { play } from '../widget/bell.ts'

// Browsers give no sound to a page in which nobody has pressed anything.
let audio: AudioContext | null = null

export function startBell(): void {
  for (const sign of ['pointerdown', 'keydown'] as const) document.addEventListener(sign, wake, { capture: true })
}

function wake(): void {
  try {
    audio ??= new AudioContext()
  } catch {
    // a browser without sound
  }
  if (audio?.state === 'suspended') void audio.resume().catch(() => undefined)
}

export const canRing = (): boolean => audio?.state === 'running'

/** Two short notes; false when the browser plays none. */
export function ring(): boolean {
  if (!canRing()) return false
  document.dispatchEvent(new CustomEvent('rang'))
  play(audio)
  return true
}

/** After a press has just woken it, which takes a moment. */
export async function ringSoon(): Promise<boolean> {
  wake()
  await Promise.race([audio?.resume().catch(() => undefined), new Promise((late) => setTimeout(late, 500))])
  return ring()
}
