import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

// USER_HZ: what /proc/<pid>/stat counts in, 100 on every Linux that Bun runs on.
const ticksPerSecond = 100

/** CPU seconds used so far by all threads of a process. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command name may hold spaces and brackets: count fields from the last bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

export function memoryMiB(pid: number): { now: number; peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN)
  return { now: kib('VmRSS') / 1024, peak: kib('VmHWM') / 1024 }
}

/** Whether it is this process that listens on the port of the IPv4 loopback. */
export function listensOn(pid: number, port: number): boolean {
  const loopback = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const listening = '0A'
  const fields = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
  const inode = fields.find(([, local, , state]) => local === loopback && state === listening)?.[9]
  return inode !== undefined && filesOf(pid).includes(`socket:[${inode}]`)
}

function filesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((file) => linkOf(`/proc/${pid}/fd/${file}`) ?? [])
  } catch {
    // It has ended.
    return []
  }
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path)
  } catch {
    // Closed meanwhile.
    return null
  }
}

/** CPU seconds that the whole machine has been busy, all cores together; time stolen by other machines counts. */
export function machineCpuSeconds(): number {
  const [, ...times] = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').split(/\s+/)
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = times.map(Number)
  return (user + nice + system + irq + softirq + steal) / ticksPerSecond
}
