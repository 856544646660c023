import type { Fields } from '../../platform/http/form.ts'
import { type ChatField, chatFields, type ChatForm } from '../sites/index.ts'

/** The form of the chat's settings as it was sent. */
export type AskedChat = { form: ChatForm; own: ChatField[]; seen: string | null }

export function askedChat(fields: Fields): AskedChat {
  const ticked = (name: string): boolean => fields[name] === 'on' || fields[name] === true
  return {
    form: {
      chatEnabled: ticked('chatEnabled'),
      audience: fields.audience,
      greeting: fields.greeting,
      greetingPicture: fields.greetingPicture,
      copies: {
        on: ticked('copies'),
        addresses: linesIn(fields.addresses),
        digestMinutes: fields.often === 'digest' ? fields.digestMinutes : null,
        withAnswers: ticked('withAnswers'),
        withFeedback: ticked('withFeedback'),
      },
    },
    own: chatFields.filter((field) => fields[`own.${field}`] === '1'),
    seen: typeof fields.seen === 'string' && fields.seen !== '' ? fields.seen : null,
  }
}

/** What stands between commas, semicolons and white space. */
export const linesIn = (value: unknown): string[] =>
  typeof value === 'string' ? value.split(/[\s,;]+/).filter((address) => address !== '') : []
