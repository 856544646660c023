import { machineCpuSeconds } from './process.ts'

// In cores. Beyond it others' work shows in ours.
export const mostByOthers = 0.25

/** Waits until the machine has been idle for two seconds, or until `patient` says that it has waited long enough. */
export async function untilCalm(patient: () => boolean): Promise<void> {
  for (let calm = 0; calm < 2 && patient(); ) {
    const before = machineCpuSeconds()
    const startedAt = performance.now()
    await Bun.sleep(1_000)
    const busy = (machineCpuSeconds() - before) / ((performance.now() - startedAt) / 1_000)
    calm = busy < mostByOthers ? calm + 1 : 0
  }
}
