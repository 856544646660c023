import type { DocumentAssets } from '../../../views/ui/document.tsx'
import { asset } from './assets.ts'

/** What a document of the console loads; a `plain` one has no script. */
export const documentAssets = (kind: 'console' | 'plain'): DocumentAssets => ({
  style: asset('console.css'),
  script: kind === 'console' ? asset('console.js') : null,
  icon: asset('icon.svg'),
  touchIcon: asset('icons/app-apple-180.png'),
})
