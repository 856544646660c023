/** Mails that go out, one to one person each. */
export const copyJob = 'mail.copy'
export const answerJob = 'mail.answer'
export const mailJobs = [copyJob, answerJob]

/** What finds out, some time later, which mails are to go out. */
export const digestJob = 'mail.digest'
export const unreadJob = 'mail.unread'

/** Entries `from` to `to` of a conversation, to one person. `root` is the entry whose mail began the thread. */
export type MailOf = { conversationId: string; from: number; to: number; root: number; address: string }
