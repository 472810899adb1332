import { startWorkshop, type Fixture } from './fixture.ts';

let workshop: Fixture;
beforeAll(async () => void (workshop = await startWorkshop()));
afterAll(() => workshop.stop());

const open = `mutation { repairOpen(input: { idempotencyKey: "k", pieceDescription: "Ring", workRequested: "Clasp" }) { __typename } }`;
const asked = [
  ['a query', '{ repair(ticketNumber: "R-1") { id } }'],
  ['a list', '{ repairs(first: 1) { nodes { id } } }'],
  ['a mutation', open],
] as const;

// As during a restart: every connection ends, and no new one is let in.
async function takeDatabaseAway(): Promise<void> {
  const name = workshop.database.name;
  await workshop.run(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
  await workshop.run(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
    [name],
  );
}

it('a database that is away is told as that, and not as a mistake of ours', async () => {
  await takeDatabaseAway();
  // Twice: compiled operations take another way than new ones, and connections that were cut another than new ones.
  for (const [, query] of [...asked, ...asked, ...asked]) {
    const { errors } = await workshop.graphql(query);
    expect(errors).toMatchObject([
      {
        message:
          'What this needs is not available at the moment. Send the same request again after a pause.',
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      },
    ]);
  }
  await workshop.run(`ALTER DATABASE ${workshop.database.name} CONNECTION LIMIT -1`);
  const { data } = await workshop.graphql(open);
  expect(data?.['repairOpen']).toBeDefined();
});
