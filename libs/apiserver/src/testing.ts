export * from './testing/server';
