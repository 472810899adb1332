import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

export type FetchSockets = {
  socketFactory: ISocketFactory;
  /** Ends the fetches that wait at a broker; what else is asked of it goes on. */
  endFetches(): void;
};

const keepAliveMs = 60_000;

/**
 * The sockets of one consumer. Without messages a fetch waits at the broker for seconds, and kafkajs, which has
 * no way to take it back, leaves its group only when it is answered. It has a connection of its own for fetches:
 * to that one kafkajs is told that the broker has closed it.
 */
export function createFetchSockets(): FetchSockets {
  const fetching = new Set<net.Socket>();
  return {
    socketFactory({ host, port, ssl, onConnect }) {
      const servername = net.isIP(host) ? undefined : host;
      const socket = ssl
        ? tls.connect({ host, port, servername, ...ssl }, onConnect)
        : net.connect({ host, port }, onConnect);
      socket.setKeepAlive(true, keepAliveMs);
      noticeFetches(socket, fetching);
      return socket;
    },
    endFetches() {
      for (const socket of fetching) {
        socket.emit('end');
        socket.destroy();
      }
    },
  };
}

function noticeFetches(socket: net.Socket, fetching: Set<net.Socket>): void {
  const write: (...args: unknown[]) => boolean = socket.write.bind(socket) as never;
  socket.write = (request: unknown, ...rest: unknown[]) => {
    if (isFetch(request)) fetching.add(socket);
    return write(request, ...rest);
  };
  socket.once('close', () => fetching.delete(socket));
}

// Every request begins with its size (4 bytes) and its kind (2 bytes); 1 is a fetch.
const isFetch = (request: unknown) =>
  Buffer.isBuffer(request) && request.length > 6 && request.readInt16BE(4) === 1;
