// Module boundaries. The rules read like the sentences of docs/adr/0084.
const services = [
  'gateway',
  'catalog',
  'inventory',
  'pos',
  'workshop',
  'passport',
  'storefront-sync',
];
const tests = '(\\.spec\\.ts$|/test/)';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one file, or lack a third. A cycle that only types close does not exist when the program runs.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'apps-never-import-apps',
      comment: 'Teams deploy their apps alone; what two need is an event, a query or a lib.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-never-import-apps',
      severity: 'error',
      comment: 'Migrations of an app may be loaded, by address, by what sets up databases.',
      from: { path: '^libs/', pathNot: '^libs/(testing|local-stack)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'only-migrations-of-apps',
      severity: 'error',
      from: { path: '^libs/(testing|local-stack)/' },
      to: { path: '^apps/', pathNot: '^apps/[^/]+/migrations/' },
    },
    {
      name: 'nothing-imports-tools',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { path: '^tools/' },
    },
    {
      name: 'libs-by-their-face',
      comment: 'A lib is its index; the files behind it may change.',
      severity: 'error',
      from: { path: '^(apps|tools)/' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'libs-by-their-face-among-libs',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'kafkajs-only-in-messaging',
      severity: 'error',
      from: { pathNot: '^libs/messaging/' },
      to: { path: 'node_modules/kafkajs/' },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'type:testing is for specs and for the tools that run them.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [tests, '^libs/testing/'] },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'local-stack-only-in-tools-and-tests',
      comment: 'type:util runs the whole system on one machine; no service may know it.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [tests, '^libs/(testing|local-stack)/'] },
      to: { path: '^libs/local-stack/' },
    },
    {
      name: 'contracts-know-no-infrastructure',
      comment: 'type:contract (events) is what others generate from; it depends on no other lib.',
      severity: 'error',
      from: { path: '^libs/events/', pathNot: tests },
      to: { path: '^libs/', pathNot: '^libs/events/' },
    },
    {
      name: 'pure-libs-know-nothing',
      comment:
        'Refusals, input checks, money and what an outage looks like: whatever decides may use them.',
      severity: 'error',
      from: { path: '^libs/(refusal|money|outage)/', pathNot: tests },
      to: { pathNot: '^libs/(refusal|money|outage)/' },
    },
    {
      name: 'domain-knows-no-graphql',
      comment: 'Pure decisions and services are called by resolvers, consumers and tools alike.',
      severity: 'error',
      from: {
        path: `^apps/(${services.join('|')})/src/.+\\.(service|sql|events|errors)\\.ts$`,
        pathNot: '^apps/gateway/',
      },
      to: { path: 'node_modules/(graphql|@apollo)/' },
    },
    {
      name: 'inventory-kernel-knows-no-other-zone',
      comment:
        'kernel <- documents <- books, maintenance (docs/adr/0110): what holds for every piece knows no document of it.',
      severity: 'error',
      from: { path: '^apps/inventory/src/kernel/', pathNot: tests },
      to: { path: '^apps/inventory/src/(documents|books|maintenance)/' },
    },
    {
      name: 'inventory-documents-know-the-kernel-only',
      severity: 'error',
      from: { path: '^apps/inventory/src/documents/', pathNot: tests },
      to: { path: '^apps/inventory/src/(books|maintenance)/' },
    },
    {
      name: 'inventory-books-and-maintenance-know-not-each-other',
      severity: 'error',
      from: { path: '^apps/inventory/src/(books|maintenance)/', pathNot: tests },
      to: {
        path: '^apps/inventory/src/(books|maintenance)/',
        pathNot: '^apps/inventory/src/$1/',
      },
    },
    {
      name: 'inventory-zones-know-no-composition',
      comment: 'What a noun needs of the others is given to it as it starts: kernel/shared.ts.',
      severity: 'error',
      from: { path: '^apps/inventory/src/(kernel|documents|books|maintenance)/', pathNot: tests },
      to: { path: '^apps/inventory/src/(service|main|migrate)\\.ts$' },
    },
    {
      name: 'a-module-is-known-to-the-list-of-its-service-only',
      comment: 'A new noun is its folder and a line in service.ts (docs/adr/0111).',
      severity: 'error',
      from: { path: '^apps/', pathNot: '^apps/[^/]+/src/service\\.ts$' },
      to: { path: '\\.module\\.ts$' },
    },
    {
      name: 'a-file-of-inventory-without-a-role-is-pure',
      comment:
        '`hold.ts` decides; whoever reads or writes says so in its name: .sql, .service, .steps, .loaders.',
      severity: 'error',
      from: {
        path: '^apps/inventory/src/[^/]+/[^/]+/[^/.]+\\.ts$',
        pathNot: '^apps/inventory/src/generated/',
      },
      to: {
        path: ['^libs/(db|messaging)/', '\\.(sql|service|steps|loaders|consumer|worker)\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'declared-dependencies-only',
      comment:
        'An app ships what its package.json names; what it does not name is missing in its image.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: tests },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|generated)/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
};
