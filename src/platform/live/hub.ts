import { log } from '../lib/log.ts'
import type { Locale } from '../lib/i18n.ts'

/** A window or a widget that is connected now. `send` must not throw when the connection is gone. */
export type Watcher = { readonly locale: Locale; send(text: string): void; close(code: number, reason: string): void }

const watchersOf = new Map<string, Set<Watcher>>()
const topicsOf = new Map<Watcher, Set<string>>()

export function watch(watcher: Watcher, topic: string): void {
  getOrAdd(watchersOf, topic).add(watcher)
  getOrAdd(topicsOf, watcher).add(topic)
}

export function unwatch(watcher: Watcher, topic: string): void {
  topicsOf.get(watcher)?.delete(topic)
  const watchers = watchersOf.get(topic)
  watchers?.delete(watcher)
  if (watchers?.size === 0) watchersOf.delete(topic)
}

/** Forgets a watcher that has gone. */
export function leave(watcher: Watcher): void {
  for (const topic of topicsOf.get(watcher) ?? []) unwatch(watcher, topic)
  topicsOf.delete(watcher)
}

/** Whether anybody would see what is pushed there: render nothing that nobody watches. */
export const watched = (topic: string): boolean => watchersOf.has(topic)

/** Closes every connection that watches the topic, as when a session ends. */
export function closeWatchers(topic: string, code: number, reason: string): void {
  for (const watcher of [...(watchersOf.get(topic) ?? [])]) watcher.close(code, reason)
}

/** Pushes HTML to the consoles that watch, rendered once for each locale among them. */
export function pushFragment(topic: string, render: (locale: Locale) => string): void {
  const rendered = new Map<Locale, string>()
  for (const watcher of watchersOf.get(topic) ?? []) {
    let html = rendered.get(watcher.locale)
    if (html === undefined) {
      html = render(watcher.locale)
      rendered.set(watcher.locale, html)
    }
    watcher.send(html)
  }
}

/** Pushes one frame to the widgets that watch. */
export function pushFrame(topic: string, frame: object): void {
  const watchers = watchersOf.get(topic)
  if (!watchers) return
  const text = JSON.stringify(frame)
  for (const watcher of watchers) watcher.send(text)
}

// A poke makes every console that watches ask for its list again, so pokes of one topic are gathered: at once after
// a quiet time, then every 250 ms, and slower the more consoles would answer (2 s at 200 of them).
const fastestMs = 250
const slowestMs = 2000
const msPerWatcher = 10
// All at once, 200 consoles would hold up the chat for as long as their requests take (0.3 s, measured): past the first
// few, they are told in turn, spread over the quiet time.
const toldAtOnce = 8
const turnMs = 20

type Poking = { names: Set<string>; timer: Timer }
const poking = new Map<string, Poking>()
const turns = new Set<Timer>()

/** Tells consoles that something they list has changed; they ask for it themselves. Gathered, at most a few a second. */
export function poke(topic: string, name: string): void {
  if (!watchersOf.has(topic)) return
  const gathering = poking.get(topic)
  if (gathering) return void gathering.names.add(name)
  tell(topic, name)
  quieten(topic)
}

const quietMs = (topic: string): number =>
  Math.min(slowestMs, Math.max(fastestMs, (watchersOf.get(topic)?.size ?? 0) * msPerWatcher))

function quieten(topic: string): void {
  const timer = setTimeout(() => {
    const names = poking.get(topic)?.names
    poking.delete(topic)
    if (!names?.size) return
    for (const name of names) tell(topic, name)
    quieten(topic)
  }, quietMs(topic))
  timer.unref()
  poking.set(topic, { names: new Set(), timer })
}

function tell(topic: string, name: string): void {
  const text = JSON.stringify({ poke: name })
  const untold = [...(watchersOf.get(topic) ?? [])]
  const tellNext = (howMany: number): void => {
    for (const watcher of untold.splice(0, howMany)) if (watchersOf.get(topic)?.has(watcher)) watcher.send(text)
  }
  tellNext(toldAtOnce)
  if (untold.length === 0) return
  const eachTurn = Math.ceil((untold.length * turnMs) / quietMs(topic))
  const timer = setInterval(() => {
    tellNext(eachTurn)
    if (untold.length > 0) return
    clearInterval(timer)
    turns.delete(timer)
  }, turnMs)
  timer.unref()
  turns.add(timer)
}

/** Closes what is left when the house closes. */
export function clearHub(): void {
  for (const { timer } of poking.values()) clearTimeout(timer)
  for (const timer of turns) clearInterval(timer)
  turns.clear()
  poking.clear()
  if (topicsOf.size > 0) log.warn('connections were left when the hub was cleared', { connections: topicsOf.size })
  watchersOf.clear()
  topicsOf.clear()
}

function getOrAdd<K, V>(map: Map<K, Set<V>>, key: K): Set<V> {
  let set = map.get(key)
  if (!set) {
    set = new Set()
    map.set(key, set)
  }
  return set
}
