import { contentSecurityPolicy } from '../../platform/http/page.tsx'

/** The policy of a page in which the widget is shown, in a frame of ours. */
export const showingPreviews = { 'Content-Security-Policy': `${contentSecurityPolicy()}; frame-src 'self'` }
