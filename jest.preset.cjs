// One jest configuration for every project; a project's package.json only says `jest -c ../../jest.preset.cjs --rootDir .`.
const swc = {
  jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  transformIgnorePatterns: ['/node_modules/(?!@kubephant/)'],
  moduleFileExtensions: ['ts', 'js', 'cjs', 'mjs', 'json', 'node'],
  passWithNoTests: true,
  reporters: ['default', require.resolve('./tools/jest-reporter.cjs')],
};
