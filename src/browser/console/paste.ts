import { write } from './writing.ts'

/** What comes with styles from elsewhere keeps what our markup can say, and loses the rest. */
export function pasted(event: ClipboardEvent): void {
  const box = event.target as HTMLTextAreaElement
  const html = event.clipboardData?.getData('text/html') ?? ''
  const plain = event.clipboardData?.getData('text/plain') ?? ''
  if (html === '') return
  const text = markupOf(html)
  if (text === '' || text === plain) return
  event.preventDefault()
  write(box, text)
}

/** A foreign page's text in our markup. It is read as a document of its own, in which nothing runs or loads. */
export function markupOf(html: string): string {
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  return said(body, { list: null, pre: false })
    .replaceAll(' ', ' ')
    .replaceAll(/[ \t]+\n/g, '\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

type Around = { list: 'ul' | 'ol' | null; pre: boolean }

const silent = new Set([
  'script',
  'style',
  'head',
  'template',
  'noscript',
  'iframe',
  'object',
  'svg',
  'title',
  'meta',
  'link',
])
const blocks = new Set(
  'address article aside blockquote div dl dt dd figure footer form header li main nav ol p pre section table tr ul h1 h2 h3 h4 h5 h6'.split(
    ' ',
  ),
)

function said(node: Node, around: Around): string {
  let text = ''
  for (const child of node.childNodes) {
    const next = piece(child, around)
    // Between two blocks one line ends; a space at its beginning is none.
    text += text === '' || text.endsWith('\n') ? next.replace(around.pre ? /^$/ : /^ +/, '') : next
  }
  return text
}

function piece(node: Node, around: Around): string {
  if (node.nodeType === Node.TEXT_NODE) {
    const text = node.textContent ?? ''
    return around.pre ? text : text.replaceAll(/[ \t\r\n]+/g, ' ')
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return ''
  const element = node as HTMLElement
  const name = element.localName
  if (silent.has(name)) return ''
  if (name === 'br') return '\n'
  if (name === 'img') return element.getAttribute('alt') ?? ''
  if (name === 'pre') return `\n\`\`\`\n${said(element, { list: null, pre: true }).replace(/\n$/, '')}\n\`\`\`\n`
  if (name === 'li')
    return `\n${bullet(element, around)}${said(element, { ...around, list: null }).trim()}\n`.replace(/^\n\n/, '\n')
  const list = name === 'ul' || name === 'ol' ? name : around.list
  const inside = said(element, { ...around, list })
  if (name === 'td' || name === 'th') return `${inside.trim()} `
  return blocks.has(name) ? asBlock(name, inside) : inline(element, inside)
}

function asBlock(name: string, inside: string): string {
  const text = inside.trim()
  if (text === '') return '\n'
  const shown = /^h[1-6]$/.test(name) ? emphasised(text, '**') : text
  return name === 'p' || /^h[1-6]$/.test(name) ? `\n${shown}\n\n` : `\n${shown}\n`
}

function bullet(item: HTMLElement, { list }: Around): string {
  if (list !== 'ol') return '- '
  const items = [...(item.parentElement?.children ?? [])].filter(({ localName }) => localName === 'li')
  return `${items.indexOf(item) + 1}. `
}

function inline(element: HTMLElement, inside: string): string {
  const { localName: name, style } = element
  if (name === 'a') return link(element as HTMLAnchorElement, inside)
  if (name === 'code' || name === 'kbd' || name === 'samp') return emphasised(inside, '`')
  const weight = style.fontWeight
  const isBold = weight === '' ? name === 'b' || name === 'strong' : weight === 'bold' || Number(weight) >= 600
  const isItalic = style.fontStyle === '' ? name === 'i' || name === 'em' : style.fontStyle === 'italic'
  const bold = isBold ? emphasised(inside, '**') : inside
  return isItalic ? emphasised(bold, '_') : bold
}

/** The sign on both sides of the words; over several lines it would be read as a sign alone. */
function emphasised(inside: string, sign: string): string {
  const words = inside.trim()
  if (words === '' || words.includes('\n')) return inside
  const at = inside.indexOf(words)
  return `${inside.slice(0, at)}${sign}${words}${sign}${inside.slice(at + words.length)}`
}

function link(element: HTMLAnchorElement, inside: string): string {
  const to = element.getAttribute('href') ?? ''
  const words = inside.trim().replaceAll(/[[\]\n]/g, ' ')
  if (!/^(https?:\/\/|mailto:|tel:)[^\s()]+$/i.test(to) || words === '') return inside
  return words === to || `${words}/` === to ? to : `[${words}](${to})`
}
