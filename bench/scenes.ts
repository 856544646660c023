/** All scenes of the table, in its order. */
import type { Scene } from './scene.ts'
import { agentsScene } from './scenes/agents.ts'
import { executableScene } from './scenes/executable.ts'
import { idleSocketsScene } from './scenes/idle-sockets.ts'
import { conversationScene, inboxScene, postgresInboxScene } from './scenes/inbox.ts'
import { postgresScenes } from './scenes/postgres.ts'
import { pushScene } from './scenes/push.ts'
import { postgresSearchScene, searchScene } from './scenes/search.ts'
import { visitorScenes } from './scenes/visitors.ts'

export const scenes: Scene[] = [
  ...visitorScenes,
  pushScene,
  idleSocketsScene,
  executableScene,
  inboxScene,
  conversationScene,
  searchScene,
  agentsScene,
  ...postgresScenes,
  postgresInboxScene,
  postgresSearchScene,
]
