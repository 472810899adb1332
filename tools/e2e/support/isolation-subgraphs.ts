import { readFile } from 'node:fs/promises';
import {
  buildClientSchema,
  getIntrospectionQuery,
  Kind,
  parse,
  valueFromASTUntyped,
  type ConstDirectiveNode,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { importJWK, SignJWT, type JWK } from 'jose';
import { createInternalTokenSigner } from '@onecount/identity';
import { homePaths, type subgraphs } from '@onecount/local-stack';
import type { GraphqlAnswer } from '@onecount/testing';
import type { TestSystem } from './test-system.ts';

export type Subgraph = (typeof subgraphs)[number];
export type SubgraphAnswer = { status: number; text: string; body: GraphqlAnswer<Answered> };
type Answered = { [field: string]: unknown };

export type Claims = { tenantId: string; scopes: string[] };
/** A token that nobody signs in earnest; what is not given is as the gateway would have it. */
export type Forgery = {
  kid?: string;
  issuer?: string;
  audience?: string;
  type?: string;
  key?: JWK;
  issuedSecondsAgo?: number;
};

/** What the SDL says beyond types: keys of entities, and who may use a field. */
export type Described = {
  schema: GraphQLSchema;
  sdl: string;
  /** Type → its keys, each a list of fields. */
  keys: Map<string, string[][]>;
  /** Types that this subgraph says to resolve. */
  resolvable: Set<string>;
  /** `Type.field` → scopes. */
  scopes: Map<string, string[]>;
};

type Secrets = { signingKeys: Record<string, { privateJwk: JWK }> };
const lifeSeconds = 60;

export async function openSubgraphs({ home, system }: TestSystem) {
  const text = await readFile(homePaths(home).secrets, 'utf8');
  const { signingKeys } = JSON.parse(text) as Secrets;
  const keyOf = (service: string): JWK => signingKeys[service]!.privateJwk;

  async function ask(
    subgraph: Subgraph,
    token: string | undefined,
    query: string,
    variables: object = {},
  ): Promise<SubgraphAnswer> {
    const authorization: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(`${system.services[subgraph].url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify({ query, variables }),
    });
    const answer = await response.text();
    return {
      status: response.status,
      text: answer,
      body: JSON.parse(answer) as SubgraphAnswer['body'],
    };
  }

  const tokenOf = (service: string, subgraph: string, { tenantId, scopes }: Claims) =>
    createInternalTokenSigner({ service, privateJwk: keyOf(service) }).tokenFor({
      ...{ audience: subgraph, tenantId, scopes },
      subject: 'tester',
    });

  return {
    ask,
    keyOf,
    /** As the gateway or another service signs it. */
    tokenOf,
    async forged(subgraph: Subgraph, claims: Claims, forgery: Forgery = {}): Promise<string> {
      const { kid = 'gateway', issuer = kid, audience = subgraph, issuedSecondsAgo = 0 } = forgery;
      const issuedAt = Math.floor(Date.now() / 1000) - issuedSecondsAgo;
      return new SignJWT({ tenant_id: claims.tenantId, scope: claims.scopes.join(' ') })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: forgery.type ?? 'onecount-internal+jwt' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject('tester')
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifeSeconds)
        .sign(await importJWK(forgery.key ?? keyOf('gateway'), 'EdDSA'));
    },
    async describe(subgraph: Subgraph, claims: Claims): Promise<Described> {
      const token = await tokenOf('gateway', subgraph, claims);
      const introspected = await ask(subgraph, token, getIntrospectionQuery());
      const service = await ask(subgraph, token, '{ _service { sdl } }');
      const { sdl } = service.body.data!['_service'] as { sdl: string };
      const introspection = introspected.body.data as unknown as IntrospectionQuery;
      return { schema: buildClientSchema(introspection), sdl, ...directivesOf(sdl) };
    },
  };
}
export type Subgraphs = Awaited<ReturnType<typeof openSubgraphs>>;

function directivesOf(sdl: string): Pick<Described, 'keys' | 'resolvable' | 'scopes'> {
  const keys: Described['keys'] = new Map();
  const scopes: Described['scopes'] = new Map();
  const resolvable: Described['resolvable'] = new Set();
  for (const type of parse(sdl).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION && type.kind !== Kind.OBJECT_TYPE_EXTENSION)
      continue;
    const own = (type.directives ?? []).filter(({ name }) => name.value === 'key');
    // One that is not resolvable here is tried like the others: whoever holds a token may ask.
    const fieldSets = own.map((key) => argumentsOf(key));
    if (fieldSets.some(({ resolvable }) => resolvable !== false)) resolvable.add(type.name.value);
    if (fieldSets.length > 0)
      keys.set(
        type.name.value,
        fieldSets.map(({ fields }) => String(fields).split(/\s+/)),
      );
    for (const field of type.fields ?? []) {
      const scoped = field.directives?.find(({ name }) => name.value === 'scopes');
      const anyOf = scoped && (argumentsOf(scoped)['anyOf'] as string[]);
      if (anyOf) scopes.set(`${type.name.value}.${field.name.value}`, anyOf);
    }
  }
  return { keys, resolvable, scopes };
}

function argumentsOf(directive: ConstDirectiveNode): Record<string, unknown> {
  return Object.fromEntries(
    (directive.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
}
