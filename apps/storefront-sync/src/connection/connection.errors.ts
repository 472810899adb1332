import { refuse, shown } from '@onecount/refusal';
import { connectionsMax } from './connection.ts';

export const nameTaken = (name: string) =>
  refuse('InvalidInput', 'NAME_TAKEN', `There is a connection ${name} already.`, {
    field: 'name',
    value: shown(name),
  });

export const tooManyConnections = () =>
  refuse(
    'InvalidInput',
    'TOO_MANY_CONNECTIONS',
    `A tenant has at most ${connectionsMax} connections.`,
    {
      field: 'name',
      value: null,
    },
  );

export type CreateRefusal = ReturnType<typeof nameTaken> | ReturnType<typeof tooManyConnections>;
