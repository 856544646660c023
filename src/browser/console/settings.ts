import { startAway } from './settings-away.ts'
import { startChips } from './settings-chips.ts'
import { startPictures } from './settings-pictures.ts'
import { startPreviews } from './settings-preview.ts'
import { startScope } from './settings-scope.ts'
import { startTemplates } from './settings-templates.ts'
import { startZones } from './settings-zones.ts'
import { startUnsaved } from './settings-unsaved.ts'
import { startWords } from './settings-words.ts'

// What only the cabinet needs: loaded beside the console's script, on its pages.
startAway()
startChips()
startWords()
startPictures()
startScope()
startPreviews()
startUnsaved()
startTemplates()
startZones()
