import { mountLauncher } from './launcher.ts'

// Only here and now does a page say which script tag is running.
mountLauncher(window, document.currentScript as HTMLScriptElement | null)
