export * from './testing/fake-cluster';
export { deepFreeze } from './testing/fake-registry';
