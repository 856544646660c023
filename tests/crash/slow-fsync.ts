import { chmodSync, closeSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** The shim of slow-fsync.c, built into `folder`, and the integers that it shares with the suite. */
export class SlowFsync {
  /** What the server's environment needs to be under the shim. */
  readonly environment: Record<string, string>
  #control: number

  private constructor(library: string, control: string) {
    this.environment = { LD_PRELOAD: library, SLOW_FSYNC_FILE: control }
    writeFileSync(control, Buffer.alloc(8))
    chmodSync(control, 0o666)
    this.#control = openSync(control, 'r+')
  }

  /** Throws when there is no C compiler. */
  static build(folder: string): SlowFsync {
    const library = join(folder, 'slow-fsync.so')
    const source = join(import.meta.dir, 'slow-fsync.c')
    const { success, stderr } = Bun.spawnSync(['cc', '-shared', '-fPIC', '-O2', '-o', library, source, '-ldl'])
    if (!success) throw new Error(`cc could not build slow-fsync.c: ${stderr.toString()}`)
    return new SlowFsync(library, join(folder, 'slow-fsync.control'))
  }

  delay(ms: number): void {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(ms)
    writeSync(this.#control, bytes, 0, 4, 0)
  }

  /** How often any process under the shim has synced since it was built. */
  calls(): number {
    const bytes = Buffer.alloc(4)
    readSync(this.#control, bytes, 0, 4, 4)
    return bytes.readUInt32LE()
  }

  close(): void {
    closeSync(this.#control)
  }
}
