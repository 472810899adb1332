import { createHash } from 'node:crypto';

export const styleSheet = `
:root { color-scheme: light dark; --ink: #1d1b18; --soft: #6d675e; --paper: #faf8f4; --card: #ffffff;
  --line: #e4ded3; --good: #1f6b45; --bad: #a3271f; --gold: #9a7a2f; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1ede5; --soft: #aaa296; --paper: #16140f;
  --card: #201d17; --line: #38332a; --good: #6fcf9b; --bad: #ff8d84; --gold: #d8b661; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 Georgia, 'Iowan Old Style', 'Times New Roman', serif; }
main { max-width: 44rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; }
.eyebrow { margin: 0; color: var(--gold); font: 600 .78rem/1 system-ui, sans-serif;
  letter-spacing: .14em; text-transform: uppercase; }
h1 { margin: .6rem 0 1.2rem; font-size: clamp(1.7rem, 5vw, 2.5rem); font-weight: 500; line-height: 1.15;
  overflow-wrap: anywhere; }
h2 { margin: 2.4rem 0 .7rem; font: 600 .85rem/1 system-ui, sans-serif; letter-spacing: .06em;
  text-transform: uppercase; color: var(--soft); }
.seal { padding: .9rem 1.1rem; border: 1px solid var(--line); border-left: .3rem solid var(--good);
  border-radius: .5rem; background: var(--card); }
.seal strong { color: var(--good); }
.seal.broken { border-left-color: var(--bad); }
.seal.broken strong { color: var(--bad); }
.seal p { margin: .2rem 0 0; color: var(--soft); font-size: .92rem; }
dl, ol { margin: 0; padding: 0; list-style: none; border: 1px solid var(--line); border-radius: .5rem;
  background: var(--card); }
.row { display: grid; grid-template-columns: minmax(8rem, 1fr) 2fr; gap: 1rem; margin: 0;
  padding: .7rem 1.1rem; border-top: 1px solid var(--line); }
.row:first-child { border-top: 0; }
dt, time { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--gold); text-underline-offset: .2em; }
footer { margin-top: 2.6rem; color: var(--soft); font-size: .88rem; }
code { font: .85em ui-monospace, 'SFMono-Regular', Menlo, monospace; overflow-wrap: anywhere; }
`;

const styleHash = createHash('sha256').update(styleSheet).digest('base64');

// Nothing is loaded and nothing runs: the one style sheet is allowed by its hash, everything else is not.
export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
