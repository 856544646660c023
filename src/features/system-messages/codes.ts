/** What the catalogues can say: `console.system.CODE.title` and `console.system.CODE.text`. */
export const systemCodes = [
  'job_dead',
  'mail_dead',
  'disk_low',
  'disk_full',
  'disk_failed',
  'disk_damaged',
  'upgraded',
] as const
export type SystemCode = (typeof systemCodes)[number]

export const isSystemCode = (code: string | null): code is SystemCode => systemCodes.some((one) => one === code)
