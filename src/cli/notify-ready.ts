import { log } from '../platform/lib/log.ts'

/**
 * Tells systemd that the start is over, where it asks to be told (sd_notify(3)). Bun opens no Unix datagram socket:
 * systemd's own command does it, for which the unit must say `NotifyAccess=all`.
 */
export async function notifyReady(): Promise<void> {
  if (!process.env['NOTIFY_SOCKET']) return
  try {
    const code = await Bun.spawn(['systemd-notify', '--ready'], { stdio: ['ignore', 'ignore', 'ignore'] }).exited
    if (code !== 0) log.error('systemd could not be told that the start is over', { code })
  } catch (error) {
    log.error('systemd could not be told that the start is over', { error })
  }
}
