import type { FastifyInstance } from 'fastify';

export type ServerLimits = {
  /** From the first byte of a request, or the opening of its connection, to the last. */
  requestMsMax: number;
  headersMsMax: number;
  /** A connection on which nothing moves while a request runs: a client that does not read its answer. */
  idleMsMax: number;
  connectionsMax: number;
};

export const defaultServerLimits: ServerLimits = {
  requestMsMax: 15_000,
  headersMsMax: 5_000,
  idleMsMax: 120_000,
  connectionsMax: 2_000,
};
const keepAliveMs = 75_000;

/** A connection costs memory and a file handle, with or without a token: none is kept for who does not use it. */
export function serverOptions(limits: ServerLimits) {
  return {
    requestTimeout: limits.requestMsMax,
    connectionTimeout: limits.idleMsMax,
    keepAliveTimeout: keepAliveMs,
    http: {
      headersTimeout: limits.headersMsMax,
      connectionsCheckingInterval: Math.min(limits.headersMsMax / 2, 1_000),
    },
  };
}

export function capConnections(app: FastifyInstance, connectionsMax: number): void {
  app.server.maxConnections = connectionsMax;
}
