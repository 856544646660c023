/** How our mails look, in the few words that every mail program knows. Values are those of the console. */
export const paper = `
body { margin: 0; padding: 24px 12px; background: #f2f1ee; color: #1d1b19;
  font: 15px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
.sheet { max-width: 600px; margin: 0 auto; padding: 24px; background: #ffffff; border: 1px solid #e1dfdb; border-radius: 10px; }
h1 { margin: 0 0 4px; font-size: 20px; font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
p { margin: 0; }
.lead { color: #58554f; margin-bottom: 12px; }
.entry { margin: 12px 0; padding: 10px 14px; background: #f2f1ee; border-radius: 10px; }
.entry.mine { background: #e0effa; }
.who { color: #58554f; font-size: 13px; margin-bottom: 2px; }
.who bdi { font-weight: 600; color: #1d1b19; }
.body { white-space: pre-wrap; overflow-wrap: anywhere; }
.body ul, .body ol { margin: 4px 0; padding-inline-start: 22px; }
.body pre { white-space: pre-wrap; margin: 4px 0; }
.facts { border-collapse: collapse; margin: 12px 0; font-size: 14px; }
.entry .facts { margin: 2px 0 6px; }
.facts td { padding: 2px 12px 2px 0; vertical-align: top; overflow-wrap: anywhere; }
.facts .label { color: #58554f; white-space: nowrap; }
a { color: #155c88; }
.action { margin: 20px 0; }
.action a { display: inline-block; padding: 10px 18px; background: #155c88; color: #ffffff; font-weight: 600;
  text-decoration: none; border-radius: 8px; }
.foot { border-top: 1px solid #e1dfdb; padding-top: 12px; color: #58554f; font-size: 13px; }
.foot a { color: #58554f; }
@media (prefers-color-scheme: dark) {
  body { background: #141211; color: #e9e8e5; }
  .sheet { background: #21201e; border-color: #373532; }
  .lead, .who, .facts .label, .foot, .foot a { color: #adaaa5; }
  .who bdi { color: #e9e8e5; }
  .entry { background: #2b2a27; }
  .entry.mine { background: #1f3546; }
  .foot { border-color: #373532; }
  a { color: #81bfeb; }
  .action a { background: #81bfeb; color: #091822; }
}`
