import type { KnownUnit } from '../known-unit/known-unit.ts';

/** W3C Verifiable Credential 2.0 in the shape of a UNTP Digital Product Passport 0.7.0. */
export type Credential = {
  '@context': string[];
  type: string[];
  id: string;
  issuer: { type: string[]; id: string; name: string };
  validFrom: string;
  name: string;
  credentialSubject: PassportSubject;
};

export type PassportSubject = {
  type: string[];
  id: string;
  name: string;
  idScheme: { type: string[]; id: string; name: string };
  idGranularity: 'item';
  modelNumber: string;
  itemNumber?: string;
  productCategory?: {
    type: string[];
    code: string;
    name: string;
    schemeId: string;
    schemeName: string;
  }[];
  relatedDocument?: { type: string[]; linkURL: string; linkName: string }[];
  characteristics: PassportFacts;
};

/** Facts that UNTP has no member for; its extension point for the trade. */
export type PassportFacts = {
  sku: string;
  serial?: string;
  stockNumber?: string;
  barcode?: string;
  vendor?: string;
  productType?: string;
  certificate?: { number: string; lab?: string; grade?: string };
  attributes: { key: string; value: string }[];
  photos: string[];
  receivedAt: string;
};

// The last one is W3C's own for terms that no context defines: the trade's facts under characteristics.
const contexts = [
  'https://www.w3.org/ns/credentials/v2',
  'https://vocabulary.uncefact.org/untp/0.7.0/context/',
  'https://www.w3.org/ns/credentials/undefined-terms/v2',
];

/**
 * What is signed: the unit's facts as inventory and catalog have them at this moment. No owner, buyer
 * or price; UNTP's producedAtFacility and countryOfProduction are left out, because a retailer rarely
 * knows them and a passport must not guess.
 */
export function credentialOf(issue: {
  passportId: string;
  url: string;
  issuer: { did: string; name: string; publicUrl: string };
  issuedAt: Date;
  unit: KnownUnit;
}): Credential {
  const { unit, issuer } = issue;
  const name = unit.product?.fullTitle ?? unit.sku;
  return {
    '@context': contexts,
    type: ['DigitalProductPassport', 'VerifiableCredential'],
    id: `urn:uuid:${issue.passportId}`,
    issuer: { type: ['CredentialIssuer'], id: issuer.did, name: issuer.name },
    validFrom: issue.issuedAt.toISOString(),
    name: `Product passport: ${name}`,
    credentialSubject: withoutAbsent({
      type: ['Product'],
      id: issue.url,
      name,
      idScheme: {
        type: ['IdentifierScheme'],
        id: `${issuer.publicUrl}/p/`,
        name: 'Onecount passport ids',
      },
      idGranularity: 'item',
      modelNumber: unit.sku,
      itemNumber: unit.serial ?? unit.stockNumber ?? undefined,
      productCategory: categoryOf(unit, issuer.publicUrl),
      relatedDocument: reportOf(unit),
      characteristics: factsOf(unit),
    }),
  };
}

function categoryOf(unit: KnownUnit, publicUrl: string): PassportSubject['productCategory'] {
  const category = unit.product?.category;
  if (!category) return undefined;
  const scheme = { schemeId: `${publicUrl}/#category`, schemeName: 'Category of the retailer' };
  return [{ type: ['Classification'], code: category, name: category, ...scheme }];
}

function reportOf(unit: KnownUnit): PassportSubject['relatedDocument'] {
  const { number, reportUrl } = unit.certificate ?? {};
  if (!reportUrl || !isWebUrl(reportUrl)) return undefined;
  return [{ type: ['Link'], linkURL: reportUrl, linkName: `Certificate ${number}` }];
}

function factsOf(unit: KnownUnit): PassportFacts {
  const { certificate, product } = unit;
  return withoutAbsent({
    sku: unit.sku,
    serial: unit.serial ?? undefined,
    stockNumber: unit.stockNumber ?? undefined,
    barcode: product?.barcode ?? undefined,
    vendor: product?.vendor ?? undefined,
    productType: product?.productType ?? undefined,
    certificate: certificate
      ? withoutAbsent({
          number: certificate.number,
          lab: certificate.lab,
          grade: certificate.grade,
        })
      : undefined,
    attributes: unit.attributes.map(({ key, value }) => ({ key, value })),
    photos: unit.photos.filter(isWebUrl),
    receivedAt: unit.receivedAt.toISOString(),
  });
}

/** Only such an address becomes a link on the page: a `javascript:` one would run in a reader's browser. */
export function isWebUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || url.protocol === 'http:');
}

function withoutAbsent<T extends object>(value: T): T {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined),
  ) as T;
}
