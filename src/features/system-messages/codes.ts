/** What the catalogues can say: `console.system.<code>.title` and `.text`. */
export const systemCodes = ['job_dead', 'mail_dead', 'disk_full', 'disk_failed', 'disk_damaged', 'upgraded'] as const
export type SystemCode = (typeof systemCodes)[number]
