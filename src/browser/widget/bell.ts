/**
 * A soft sound for a new message, made here: no file. Browsers give no sound to a page in which nobody has pressed
 * anything, and neither do we: until then there is no bell. Of several tabs one rings.
 */
export function makeBell(document: Document, navigator: { locks?: LockManager }, open = () => new AudioContext()) {
  let audio: AudioContext | null = null

  function acted() {
    try {
      audio ??= open()
    } catch {
      // a browser without sound
    }
    void audio?.resume().catch(() => {})
  }
  for (const sign of ['pointerdown', 'keydown'] as const) document.addEventListener(sign, acted, { capture: true })

  async function ring() {
    if (!audio) return
    await inOneTab(navigator.locks, () => play(audio))
  }

  return { ring: () => void ring().catch(() => {}) }
}

const quietMs = 1_500

/** Storage that is blocked blocks the locks as well: then every tab is for itself. */
async function inOneTab(locks: LockManager | undefined, run: () => void): Promise<void> {
  if (!locks) return run()
  const held = async (lock: Lock | null) => {
    if (!lock) return
    run()
    await new Promise((done) => setTimeout(done, quietMs))
  }
  await locks.request('kontuar:bell', { ifAvailable: true }, held).catch(run)
}

/** Two short notes, a fourth apart. */
export function play(audio: AudioContext | null) {
  if (audio?.state !== 'running') return
  for (const [place, hertz] of [587, 784].entries()) {
    const at = audio.currentTime + place * 0.12
    const tone = audio.createOscillator()
    const loudness = audio.createGain()
    tone.frequency.value = hertz
    loudness.gain.setValueAtTime(0, at)
    loudness.gain.linearRampToValueAtTime(0.12, at + 0.01)
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.35)
    tone.connect(loudness).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 0.4)
  }
}
