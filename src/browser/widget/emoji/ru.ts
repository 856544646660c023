import { makePicker } from './picker.ts'
import groups from './ru.json' with { type: 'json' }

export const showPicker = makePicker(groups)
