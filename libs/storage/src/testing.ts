export { keyOf, podOf, testResources, told, until, watching } from './testing/fixtures';
export type { StoreEnvironment, TestPod, Watching } from './testing/fixtures';
export { newEnvironment } from './testing/environment';
export { storeSuite } from './testing/store-suite';
