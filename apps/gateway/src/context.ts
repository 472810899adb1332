import type { AccessIdentity } from '@onecount/identity';
import type { Traceparent } from '@onecount/telemetry';

/** What one request from outside brings to every subgraph request made for it. */
export type GatewayContext = {
  /** Missing only where introspection is open: such a request reaches no subgraph. */
  identity: AccessIdentity | undefined;
  requestId: string;
  trace: Traceparent;
};
