import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A tmpfs of its own, mounted on `folder`, that can be filled to the last byte. */
export class SmallDisk {
  readonly folder: string
  #ballast: string

  private constructor(folder: string) {
    this.folder = folder
    this.#ballast = join(folder, 'ballast')
  }

  /** Whether this process may mount; where not, that is said loudly, and is a failure in CI. */
  static possible(): boolean {
    const folder = mkdtempSync(join(tmpdir(), 'kontuar-mount-'))
    const disk = SmallDisk.mount(folder, 1)
    disk?.unmount()
    rmSync(folder, { recursive: true })
    return disk !== null
  }

  /** Null where this process may not mount. */
  static mount(folder: string, megabytes: number): SmallDisk | null {
    mkdirSync(folder, { recursive: true })
    const command = ['mount', '-t', 'tmpfs', '-o', `size=${megabytes}m,mode=700`, 'tmpfs', folder]
    const { success, stderr } = Bun.spawnSync(command)
    if (success) return new SmallDisk(folder)
    const why = `the full disk was NOT tried, this process may not mount a tmpfs: ${stderr.toString().trim()}`
    if (process.env.CI) throw new Error(why)
    console.error(`\n!!! crash suite: ${why}\n`)
    return null
  }

  fill(): void {
    const file = openSync(this.#ballast, 'a')
    try {
      for (let bytes = 1 << 20; bytes >= 1; ) {
        try {
          writeSync(file, Buffer.alloc(bytes))
        } catch {
          bytes >>= 1
        }
      }
    } finally {
      closeSync(file)
    }
  }

  empty(): void {
    rmSync(this.#ballast, { force: true })
  }

  unmount(): void {
    Bun.spawnSync(['umount', '-l', this.folder])
  }
}
