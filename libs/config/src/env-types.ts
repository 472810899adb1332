import { z } from 'zod';
import { readPem } from './pem.ts';
import { tlsProblem, withStandardTls } from './postgres-tls.ts';

/** A JSON Web Key as it stands in the environment; its use decides which members must be there. */
export type Jwk = { kty: string; kid?: string; alg?: string; [member: string]: unknown };
export type JwkSet = { keys: Jwk[] };

export const port = z.coerce.number().int().min(0).max(65535);

export const commaList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().min(1, 'has an empty entry')).min(1));

/** A PostgreSQL URL; `sslmode`, `sslrootcert`, `sslcert` and `sslkey` in its query mean what they mean to psql. */
export const postgresUrl = z
  .string()
  .refine((text) => hasProtocol(text, ['postgres:', 'postgresql:']), 'is not a postgres:// URL')
  .transform((text, ctx) => {
    const problem = tlsProblem(text);
    if (problem) ctx.issues.push({ code: 'custom', message: problem, input: '' });
    return withStandardTls(text);
  });

export const httpUrl = z
  .string()
  .refine((text) => hasProtocol(text, ['http:', 'https:']), 'is not an http(s):// URL');

/** The path of a PEM file, read when the process starts. */
export const pemFile = z.string().transform((path, ctx): string => {
  const pem = readPem(path);
  if (pem !== undefined) return pem;
  ctx.issues.push({ code: 'custom', message: 'names no PEM file that can be read', input: '' });
  return z.NEVER;
});

/** A private JWK as JSON text. What is wrong is said without any part of the value. */
export const jwkJson = jsonText<Jwk>('is not a private JWK in JSON', isPrivateJwk);

/** A set of public JWKs as JSON text; every key carries the `kid` by which it is chosen. */
export const jwksJson = jsonText<JwkSet>('is not a JWK set in JSON, each key with a kid', isJwkSet);

function jsonText<T>(problem: string, isShape: (value: unknown) => value is T) {
  return z.string().transform((text, ctx): T => {
    const value = parsed(text);
    if (isShape(value)) return value;
    ctx.issues.push({ code: 'custom', message: problem, input: '' });
    return z.NEVER;
  });
}

// JSON.parse names a part of the text in its message: the error is dropped, keys must not reach a log.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && typeof (value as Jwk).kty === 'string';
}

function isPrivateJwk(value: unknown): value is Jwk {
  return isJwk(value) && typeof value['d'] === 'string';
}

function isJwkSet(value: unknown): value is JwkSet {
  const keys = (value as JwkSet | undefined)?.keys;
  return Array.isArray(keys) && keys.every((key) => isJwk(key) && typeof key.kid === 'string');
}

function hasProtocol(text: string, protocols: string[]): boolean {
  const url = URL.parse(text);
  return url !== null && protocols.includes(url.protocol);
}
