/**
 * The window, the badge and the teaser, beside the launcher in its shadow root. Called as a macro, so that the white space
 * stays here.
 */
export const panelStyle = () =>
  `
.unread {
  position: absolute; inset-block-start: -4px; inset-inline-end: -4px; min-inline-size: 22px; block-size: 22px;
  padding-inline: 6px !important; border-radius: 11px; background: #c51e21; color: #fff; font-size: 13px; font-weight: 600;
  line-height: 22px; text-align: center; outline: 2px solid var(--surface);
}
.launcher .unread { pointer-events: auto; }
.unread::before { content: attr(data-count); }
.window {
  display: block; position: fixed; margin: 0; padding: 0; border: 0; inset: auto; inset-inline: var(--start) var(--end);
  inset-block-end: var(--below); inline-size: 376px; max-inline-size: calc(100vw - 40px); block-size: 588px;
  max-block-size: calc(100vh - 40px); overflow: hidden; border-radius: 16px; background: var(--surface); color: var(--text);
  box-shadow: 0 0 0 1px var(--line), 0 20px 48px -12px var(--shade); visibility: hidden; opacity: 0;
  transform: translateY(8px); transition: opacity 160ms, transform 160ms cubic-bezier(.2, 0, 0, 1), visibility 0s 160ms;
}
.window[open] { visibility: visible; opacity: 1; transform: none; transition-delay: 0s; }
.window::backdrop { background: none; }
iframe {
  position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; visibility: hidden; color-scheme: normal;
}
.window[open][data-ready] iframe { visibility: visible; }
.before { display: grid; grid-template-rows: auto 1fr; block-size: 100%; text-align: center; }
.icon { inline-size: 44px; block-size: 44px; flex: none; display: grid; place-items: center; border-radius: 8px; }
.before .icon { justify-self: end; margin: 10px 8px; }
.before p { margin: 0; align-self: center; padding: 0 32px 64px; animation: late 600ms step-end; }
@keyframes late { from { opacity: 0; } }
.window[data-ready] .before { visibility: hidden; }
.teaser {
  position: fixed; inset-inline: var(--start) var(--end); inset-block-end: var(--below); margin: 0 0 68px; display: flex;
  align-items: flex-start; inline-size: min(300px, 100vw - 40px); border-radius: 10px; background: var(--surface);
  color: var(--text); box-shadow: 0 0 0 1px var(--line), 0 8px 24px -6px var(--shade);
}
.open { flex: 1; min-inline-size: 0; display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px 10px; padding: 12px 0 12px 12px; padding-inline: 12px 0; }
.open:focus-visible { border-radius: 10px; outline-offset: -3px; }
.avatar {
  grid-row: 1 / 3; inline-size: 32px; block-size: 32px; border-radius: 50%; background: var(--site); color: var(--on);
  font-size: 13px; font-weight: 600; line-height: 32px; text-align: center;
}
.who { align-self: center; overflow: hidden; font-size: .8125em; font-weight: 500; text-overflow: ellipsis; white-space: nowrap; }
.what {
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; font-size: .875em;
  overflow-wrap: anywhere;
}
.unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 480px), (max-height: 480px) and (max-width: 960px) {
  .window {
    inset: var(--top, 0) 0 auto; inline-size: 100%; max-inline-size: none; block-size: var(--seen, 100%);
    max-block-size: none; border-radius: 0; box-shadow: none;
  }
}
@media (prefers-reduced-motion: reduce) { .window { transition: none; } }
@media (forced-colors: active) { .window, .teaser, .unread { border: 1px solid ButtonText; } }
`
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>!]) ?/g, '$1')
    .replaceAll(': ', ':')
