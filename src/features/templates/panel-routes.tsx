import { Elysia } from 'elysia'
import { TemplateOptions } from '../../../views/console/template-options.tsx'
import { fillPieces } from '../../../views/templates/placeholders.ts'
import { fragment, json, wantsJson } from '../../platform/http/page.tsx'
import { problem } from '../../platform/http/problem.tsx'
import { refuse } from '../../platform/lib/refuse.ts'
import { type Asked, type Inside, raw } from '../agents/index.ts'
import { type ConversationRow, findConversation } from '../conversations/index.ts'
import { countUse } from './count-use.ts'
import { factsFor } from './facts-for.ts'
import { offeredTemplates } from './list-templates.ts'

/** What is offered in a conversation, filled in for it. */
export const panelRoutes = (inside: Inside) =>
  new Elysia({ name: 'templates-panel' })
    .onError(({ error, request }) => problem(error, request))
    .get('/c/:id/templates', inside(showOffered))
    .post('/c/:id/templates/:template/uses', inside(postUse), raw)

async function conversationOf({ params }: Asked): Promise<ConversationRow> {
  const conversation = await findConversation(params.id ?? '')
  if (!conversation) throw refuse('conversation_unknown')
  return conversation
}

async function showOffered(asked: Asked): Promise<Response> {
  const { agent, t, request } = asked
  const conversation = await conversationOf(asked)
  const [offered, facts] = await Promise.all([offeredTemplates(conversation.siteId), factsFor(conversation, agent)])
  const filled = offered.map((template) => ({ template, pieces: fillPieces(template.text, facts) }))
  if (!wantsJson(request)) return fragment(<TemplateOptions t={t} offered={filled} />)
  return json({
    items: filled.map(({ template: { id, name, shortcut, locale }, pieces }) => {
      const missing = pieces.filter(({ kind }) => kind === 'missing').map(({ text }) => text)
      return { id, name, shortcut, locale, text: pieces.map(({ text }) => text).join(''), missing }
    }),
  })
}

async function postUse(asked: Asked): Promise<Response> {
  const { siteId } = await conversationOf(asked)
  await countUse(asked.params.template ?? '', siteId)
  return new Response(null, { status: 204 })
}
