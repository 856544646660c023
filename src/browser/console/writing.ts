/** Puts a text in place of what stands between two places of a field, in a way that Ctrl+Z takes back. */
export function write(box: HTMLTextAreaElement, text: string, from = box.selectionStart, to = box.selectionEnd): void {
  box.focus({ preventScroll: true })
  box.setSelectionRange(from, to)
  // The old command is the only one that the field's own history knows of.
  if (text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text)) return
  box.setRangeText(text, from, to, 'end')
  box.dispatchEvent(new Event('input', { bubbles: true }))
}
