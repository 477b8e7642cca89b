// Leaves the counts of a run where tools/test.mjs adds them up; Nx restores the file when it replays a cached run.
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

module.exports = class CountsReporter {
  #directory;
  constructor(globalConfig) {
    this.#directory = join(globalConfig.rootDir, 'coverage');
  }
  onRunComplete(_contexts, results) {
    mkdirSync(this.#directory, { recursive: true });
    // A file that does not even load has no tests to count, and has failed all the same.
    const counts = {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    };
    // One file per npm script: a project may have several kinds of tests.
    const script = (process.env.npm_lifecycle_event ?? 'test').replaceAll(/[^a-z0-9]/g, '-');
    writeFileSync(join(this.#directory, `counts-${script}.json`), JSON.stringify(counts));
  }
};
