import js from '@eslint/js';
import tseslint from 'typescript-eslint';

// process.env is read in one place per process, where all its problems are reported at once.
const environmentOnlyInConfig = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Read the environment in config.ts only.',
};
const namedExportsOnly = {
  selector: 'ExportDefaultDeclaration',
  message: 'Named exports only.',
};
// How fast a machine is decides no test: jest.config.cjs has the one limit, which means "stuck" (docs/adr/0135).
const timedCallers = /^(it|test|beforeAll|afterAll|beforeEach|afterEach)$/;
const limitMessage =
  'No time limit of its own: wait for the condition, jest.config.cjs bounds what is stuck.';
const noTimeLimits = [
  `CallExpression[callee.name=${timedCallers}] > Literal[value>0]`,
  `CallExpression[callee.callee.property.name='each'] > Literal[value>0]`,
  `CallExpression[callee.object.name='jest'][callee.property.name='setTimeout']`,
].map((selector) => ({ selector, message: limitMessage }));
const only = (name, where) => ({ name, message: `Only in ${where}.`, allowTypeImports: false });
const kafkaOnlyInMessaging = only('kafkajs', 'libs/messaging');
const typeormOnlyInData = only(
  'typeorm',
  'entities, migrations, *.sql.ts, composition and libs/db',
);
const restrictImports = (...paths) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { paths }],
});

export default tseslint.config(
  {
    ignores: ['**/node_modules/', '**/dist/', '**/generated/', '.nx/', '.onecount/', 'coverage/'],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      // One program for everything: several times faster than one per project.
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      // `import { type A }` alone stays an import when types are stripped, and can close a cycle.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      // Rows of SQL and parsed JSON meet their types somewhere; `!` is allowed where a count was checked.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What was caught is unknown and may be thrown on.
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingUnknown: true, allowThrowingAny: true },
      ],
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      'no-restricted-syntax': ['error', environmentOnlyInConfig, namedExportsOnly],
      // Input is searched for control characters on purpose.
      'no-control-regex': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      // 300 is where one looks again; what is above this has been overlooked.
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      ...restrictImports(kafkaOnlyInMessaging, typeormOnlyInData),
    },
  },
  {
    files: [
      '**/*.entity.ts',
      '**/*.sql.ts',
      '**/migrations/**/*.ts',
      'apps/*/src/service.ts',
      'libs/db/**/*.ts',
      'libs/service/**/*.ts',
      '**/*.int.spec.ts',
    ],
    rules: restrictImports(kafkaOnlyInMessaging),
  },
  { files: ['libs/messaging/**/*.ts'], rules: restrictImports(typeormOnlyInData) },
  {
    files: ['**/config.ts', '**/*.config.ts'],
    rules: { 'no-restricted-syntax': ['error', namedExportsOnly] },
  },
  {
    // A spec is a list of behaviours, its length says nothing; answers of GraphQL have no static type.
    // It hands its PATH to the processes it starts.
    files: ['**/*.spec.ts', '**/test/**/*.ts', 'libs/testing/**/*.ts', '**/jest.*.ts'],
    rules: {
      'max-lines': 'off',
      'no-restricted-syntax': ['error', ...noTimeLimits],
      '@typescript-eslint/no-explicit-any': 'off',
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' },
    },
  },
);
