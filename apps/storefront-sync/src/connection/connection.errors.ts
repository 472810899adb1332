import { refuse } from '@onecount/db';
import { connectionsMax } from './connection.ts';

export const invalidInput = (field: string, message: string, value?: string) =>
  refuse('InvalidInput', 'INVALID_INPUT', message, { field, value: value?.slice(0, 80) });

export const nameTaken = (name: string) =>
  refuse('InvalidInput', 'NAME_TAKEN', `There is a connection ${name} already.`, {
    field: 'name',
    value: name.slice(0, 80),
  });

export const tooManyConnections = () =>
  refuse(
    'InvalidInput',
    'TOO_MANY_CONNECTIONS',
    `A tenant has at most ${connectionsMax} connections.`,
    {
      field: 'name',
      value: undefined,
    },
  );

export const connectionNotFound = (id: string) =>
  refuse('NotFound', 'NOT_FOUND', `There is no connection ${id}.`, { kind: 'Connection', id });
