import type { GatewayExecutionResult } from '@apollo/server-gateway-interface';
import type { AccessIdentity } from '@onecount/identity';
import type { Traceparent } from '@onecount/telemetry';
import type { Ticket } from './limit/fair-limit.ts';

/** What one request from outside brings to every subgraph request made for it. */
export type GatewayContext = {
  /** Missing only where introspection is open: such a request reaches no subgraph. */
  identity: AccessIdentity | undefined;
  requestId: string;
  trace: Traceparent;
  /** The request's place in its caller's share; none where nobody is known. */
  ticket?: Ticket;
  /** The result of a request that has run already: ApolloServer has only to put it into words. */
  executed?: Promise<GatewayExecutionResult>;
};
