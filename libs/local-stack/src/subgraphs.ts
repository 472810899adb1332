/** The six services that own data: each has a database, a subgraph and a process. The gateway owns none. */
export const subgraphs = [
  'catalog',
  'inventory',
  'pos',
  'workshop',
  'passport',
  'storefront-sync',
] as const;
export type Subgraph = (typeof subgraphs)[number];
