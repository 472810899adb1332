import type { LifecycleKind } from '../lifecycle/lifecycle.ts';
import { isWebUrl } from '../passport/credential.ts';
import { html, trusted, type Html } from './html.ts';
import { styleSheet } from './page.style.ts';
import type { PublicPassport } from './page.ts';

const kindTexts: Record<LifecycleKind, string> = {
  RECEIVED: 'Came into stock',
  PASSPORT_ISSUED: 'Passport issued',
  SOLD: 'Sold',
  RETURNED: 'Returned to the shop',
};

/** The page of a passport: what is signed, whether the signature holds, and what happened since. */
export function passportPage(passport: PublicPassport, did: string): string {
  const { facts, url } = passport;
  return page(
    facts?.name ?? 'Passport',
    html`<p class="eyebrow">Product passport</p>
      <h1>${facts?.name ?? 'Unreadable passport'}</h1>
      ${seal(passport)} ${factsList(passport)} ${history(passport)}
      <footer>
        <p>Issued by <code>${did}</code>. Passport <code>${passport.id}</code>.</p>
        <p>
          Check it yourself: <code>curl -H 'Accept: application/json' ${url}</code> gives the signed
          credential, <a href="/.well-known/jwks.json">the public keys</a> verify it. The history
          below the facts is kept by the issuer and is not part of the signature.
        </p>
      </footer>`,
  );
}

export function notFoundPage(): string {
  return page(
    'No such passport',
    html`<p class="eyebrow">Product passport</p>
      <h1>There is no passport here</h1>
      <p class="seal broken">
        <strong>Unknown.</strong> The address may be mistyped, or the tag forged.
      </p>`,
  );
}

function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${trusted(`<style>${styleSheet}</style>`)}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html>`.text;
}

function seal({ isVerified, status, issuedAt }: PublicPassport): Html {
  if (!isVerified)
    return html`<div class="seal broken">
      <strong>Not verified</strong>
      <p>The signature does not match. Do not rely on anything below.</p>
    </div>`;
  if (status === 'REVOKED')
    return html`<div class="seal broken">
      <strong>Withdrawn</strong>
      <p>The signature holds, but the issuer has withdrawn this passport.</p>
    </div>`;
  return html`<div class="seal">
    <strong>Signature verified</strong>
    <p>Signed on ${day(issuedAt)} and unchanged since.</p>
  </div>`;
}

function factsList({ facts }: PublicPassport): Html {
  if (!facts) return html``;
  const { characteristics: known, relatedDocument, productCategory } = facts;
  const { certificate } = known;
  const report = relatedDocument?.[0]?.linkURL;
  const rows: [string, string | Html | undefined][] = [
    ['Made or supplied by', known.vendor],
    ['Kind', known.productType ?? productCategory?.[0]?.name],
    ['Serial', known.serial],
    ['Stock number', known.stockNumber],
    ['SKU', known.sku],
    ['Barcode', known.barcode],
    ['Certificate', certificate && link(certificate.number, report)],
    ['Laboratory', certificate?.lab],
    ['Grade', certificate?.grade],
    ...known.attributes.map(({ key, value }): [string, string] => [key, value]),
    ['In stock since', day(new Date(known.receivedAt))],
    ...known.photos.map((photo, index): [string, Html] => [
      `Photo ${index + 1}`,
      link(new URL(photo).hostname, photo),
    ]),
  ];
  const given = rows.filter(([, value]) => value !== undefined && value !== '');
  return html`<h2>The piece</h2>
    <dl>
      ${given.map(
        ([name, value]) =>
          html`<div class="row">
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

// Photos are links, not pictures: a picture would tell its host who reads the passport.
function link(text: string, url: string | undefined): Html {
  if (!url || !isWebUrl(url)) return html`${text}`;
  return html`<a href="${url}" rel="noopener noreferrer nofollow">${text}</a>`;
}

function history({ lifecycle }: PublicPassport): Html {
  if (lifecycle.length === 0) return html``;
  return html`<h2>Its history</h2>
    <ol>
      ${lifecycle.map(
        ({ kind, occurredAt }) =>
          html`<li class="row">
            <time datetime="${occurredAt.toISOString()}">${day(occurredAt)}</time>
            <span>${kindTexts[kind]}</span>
          </li>`,
      )}
    </ol>`;
}

function day(date: Date): string {
  return date.toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });
}
