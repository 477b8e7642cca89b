export * from './testing/runtime-suite';
