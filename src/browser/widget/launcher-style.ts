/**
 * The launcher and the window on the shop's page. Inside a shadow root `!important` beats the page's own. Called as a
 * macro, so that the white space stays here.
 */
export const launcherStyle = () =>
  `
:host {
  all: initial !important; position: fixed !important; z-index: 2147483000 !important; display: block !important;
  inset-block-end: 0 !important; inset-inline-end: 0 !important;
  --site: #0b6a70; --on-site: #fff; --surface: #fff; --text: #1d1b19; --ring: #0077bd; --line: rgb(29 27 25 / .08);
  --unread: #c51e21;
}
@media (prefers-color-scheme: dark) {
  :host {
    --site: #6cc4c8; --on-site: #071a1b; --surface: #21201e; --text: #e9e8e5; --ring: #82c6f9;
    --line: rgb(255 255 255 / .12); --unread: #d53833;
  }
}
* { box-sizing: border-box; font: 400 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
button { margin: 0; padding: 0; border: 0; background: none; color: inherit; cursor: pointer; }
button:focus-visible { outline: 3px solid var(--ring); outline-offset: 3px; }
svg { display: block; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
.launcher {
  position: fixed; inset-block-end: max(20px, env(safe-area-inset-bottom)); inset-inline-end: 20px; inline-size: 56px;
  block-size: 56px; border-radius: 50%; display: grid; place-items: center; background: var(--site); color: var(--on-site);
  box-shadow: 0 0 0 1px var(--line), 0 8px 24px -6px rgb(29 27 25 / .3);
}
.launcher:hover { box-shadow: 0 0 0 1px var(--line), 0 12px 30px -6px rgb(29 27 25 / .45); }
.launcher[hidden] { display: none; }
.unread {
  position: absolute; inset-block-start: -3px; inset-inline-end: -3px; min-inline-size: 22px; block-size: 22px;
  padding-inline: 6px; border-radius: 11px; background: var(--unread); color: #fff; font-size: 13px; font-weight: 600;
  line-height: 22px; text-align: center; outline: 2px solid var(--surface);
}
.unread[hidden] { display: none; }
.window {
  position: fixed; inset-block-end: 20px; inset-inline-end: 20px; inline-size: 376px; max-inline-size: calc(100vw - 40px);
  block-size: 588px; max-block-size: calc(100vh - 40px); overflow: hidden; border-radius: 16px; background: var(--surface);
  color: var(--text); box-shadow: 0 0 0 1px var(--line), 0 20px 48px -12px rgb(29 27 25 / .35);
  visibility: hidden; opacity: 0; transform: translateY(8px);
  transition: opacity 160ms, transform 160ms cubic-bezier(.2, 0, 0, 1), visibility 0s 160ms;
}
.window[data-open] { visibility: visible; opacity: 1; transform: none; transition-delay: 0s; }
iframe { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; border: 0; visibility: hidden; color-scheme: normal; }
.window[data-open][data-ready] iframe { visibility: visible; }
.before { display: grid; grid-template-rows: 64px 1fr; block-size: 100%; text-align: center; }
.before button { justify-self: end; inline-size: 44px; block-size: 44px; margin: 10px 8px; display: grid; place-items: center; border-radius: 8px; }
.before p { margin: 0; align-self: center; padding: 0 32px 64px; animation: late 600ms step-end; }
@keyframes late { from { opacity: 0; } }
.window[data-ready] .before { visibility: hidden; }
@media (max-width: 480px) {
  .window {
    inset: 0; inset-block-start: var(--top, 0); inset-block-end: auto; inline-size: 100%; max-inline-size: none;
    block-size: var(--seen, 100%); max-block-size: none; border-radius: 0;
  }
}
@media (prefers-reduced-motion: reduce) { .window { transition: none; } }
@media (forced-colors: active) { .launcher, .window { border: 1px solid ButtonText; } }
@media print { :host { display: none !important; } }
`
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,]) ?/g, '$1')
    .replaceAll(': ', ':')
