import { startTemplates } from './settings-templates.ts'
import { startUnsaved } from './settings-unsaved.ts'

// What only the cabinet needs: loaded beside the console's script, on its pages.
startUnsaved()
startTemplates()
