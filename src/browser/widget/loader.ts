import type { Look } from '../../../views/widget/look.ts'
import { mountWidget } from './mount.ts'

// The server puts this script into a function that takes the site's look.
declare const look: Look

// Only here and now does a page say which script tag is running. An element that is called so hides it, and some tools
// that put scripts off do not say it.
const running = document.currentScript as HTMLScriptElement | null
const address = look.site ? `/widget.js?site=${look.site}` : '/widget.js'
mountWidget(window, running?.src ? running : document.querySelector(`script[src*="${address}"]`), look)
