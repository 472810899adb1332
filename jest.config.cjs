// One configuration, three kinds of tests: unit (pure), int (real PostgreSQL and Kafka), e2e (the whole system).
const shared = {
  rootDir: __dirname,
  // Compiled sources outlive a run; its temporary folder does not.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools'],
  testEnvironment: 'node',
  // Sources are ES modules run directly by Node; jest gets them as CommonJS, without type checks.
  transform: {
    '^.+\\.(ts|js|mjs)$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
        module: { type: 'commonjs', ignoreDynamic: false },
      },
    ],
  },
  // Packages that ship ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|any-ascii|auto-bind|htmlparser2|domhandler|domutils|dom-serializer|domelementtype|entities)/)',
  ],
  modulePathIgnorePatterns: ['/dist/', '/\\.onecount/'],
};
const kind = (name, extra = {}) => ({
  ...shared,
  displayName: name,
  testMatch: [`**/*.${name}.spec.ts`],
  ...extra,
});
// One PostgreSQL per run for the tests that need it, and one Kafka once a test asks for it.
const servers = {
  globalSetup: '<rootDir>/libs/testing/src/jest.setup.ts',
  globalTeardown: '<rootDir>/libs/testing/src/jest.teardown.ts',
};
// One program per service and run, from which the end-to-end tests start their systems.
const bundles = {
  globalSetup: '<rootDir>/tools/bundle/jest.setup.ts',
  globalTeardown: '<rootDir>/tools/bundle/jest.teardown.ts',
};
// How long a test or its set-up may take before it counts as stuck. How fast a machine is decides no test: whatever
// waits, waits for its condition (docs/adr/0135), and lint refuses limits of single tests.
const stuckMs = 15 * 60_000;
module.exports = {
  testTimeout: stuckMs,
  projects: [kind('unit'), kind('int', servers), kind('e2e', bundles)],
};
