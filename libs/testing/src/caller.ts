import { impliedScopes, type Caller } from '@onecount/identity';
import { tenantA } from '@onecount/local-stack';

export type CallerOptions = {
  tenant?: string;
  scopes?: string[];
  subject?: string;
  /** The service whose key signed; the gateway speaks for people. */
  issuer?: string;
};

/** A caller as a verified internal token yields it: everything in tenant A unless said otherwise. */
export function callerOf(options: CallerOptions = {}): Caller {
  return {
    tenantId: options.tenant ?? tenantA,
    subject: options.subject ?? 'tester',
    scopes: impliedScopes(options.scopes ?? ['admin']),
    issuer: options.issuer ?? 'gateway',
  };
}
