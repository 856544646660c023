/** What the catalogues can say: `console.system.CODE.title` and `console.system.CODE.text`. */
export type SystemCode =
  | 'job_dead'
  | 'mail_dead'
  | 'disk_low'
  | 'disk_full'
  | 'disk_failed'
  | 'disk_damaged'
  | 'upgraded'
