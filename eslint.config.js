const js = require('@eslint/js');
const tseslint = require('typescript-eslint');
const jest = require('eslint-plugin-jest');

/** A folder may import what its place of execution allows; this is the table of docs/architecture.md. */
const forbid = (files, groups) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: groups.map(([group, message]) => ({ group, message })),
      },
    ],
  },
});

const AWS = ['@aws-sdk/*', '@smithy/*', '@aws-lambda-powertools/*'];
const CDK = ['aws-cdk-lib', 'aws-cdk-lib/*', 'constructs', 'cdk-nag'];
const NODE_IO = [
  'node:fs',
  'node:fs/*',
  'node:http',
  'node:https',
  'node:net',
  'node:child_process',
  'node:worker_threads',
];
const above = (...names) =>
  names.flatMap((name) => [`../${name}/*`, `../../${name}/*`, `../../../${name}/*`]);
const TESTS = [above('test'), 'nothing imports test/'];

module.exports = tseslint.config(
  { ignores: ['node_modules/', 'cdk.out/', '.latchkey/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { require: 'readonly', module: 'writable', process: 'readonly', __dirname: 'readonly' },
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "ImportDeclaration[source.value='zod'] > :matches(ImportSpecifier, ImportDefaultSpecifier)",
          message: "write `import * as z from 'zod'`: the named import puts 370 KB more into every bundle",
        },
      ],
    },
  },
  {
    // Time and chance come through ports.
    files: ['core/**/*.ts', 'lambdas/**/*.ts', 'lib/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'take a Clock (core/ports/clock.ts)' },
        { object: 'Math', property: 'random', message: 'take a Random (core/ports/random.ts)' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'setTimeout', message: 'take a Clock (core/ports/clock.ts)' },
        { name: 'setInterval', message: 'take a Clock (core/ports/clock.ts)' },
      ],
    },
  },
  {
    files: ['lambdas/runtime/system-*.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-globals': 'off' },
  },
  forbid(
    ['core/**/*.ts'],
    [
      [
        [...AWS, ...CDK, ...NODE_IO, ...above('lib', 'lambdas', 'local', 'cli', 'bin')],
        'core/ is the domain: zod and itself only',
      ],
      TESTS,
    ],
  ),
  forbid(
    ['lambdas/**/*.ts'],
    [
      [
        [...CDK, ...above('lib', 'local', 'cli', 'bin')],
        'lambdas/ may import core/, the AWS SDK and powertools',
      ],
      TESTS,
    ],
  ),
  forbid(
    ['lib/**/*.ts'],
    [
      [
        [...AWS, ...above('local', 'cli', 'bin')],
        'lib/ is infrastructure: aws-cdk-lib, core/ and lambdas/*/contract',
      ],
      [['**/lambdas/*/*', '!**/lambdas/*/contract'], 'lib/ reads only the contract of a workflow'],
      TESTS,
    ],
  ),
  forbid(
    ['local/**/*.ts'],
    [
      [
        [...CDK, ...above('lib', 'lambdas', 'cli', 'bin')],
        'local/ runs the synthesized assembly and knows only core/',
      ],
      TESTS,
    ],
  ),
  forbid(['bin/**/*.ts', 'cli/**/*.ts', 'scripts/**/*.ts'], [TESTS]),
  {
    files: ['bin/**/*.ts', 'cli/**/*.ts', 'scripts/**/*.ts', 'local/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/expect-expect': [
        'error',
        { assertFunctionNames: ['expect', 'expect*', 'fc.assert', '**.fc.assert'] },
      ],
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
