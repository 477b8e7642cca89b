export * from './informer';
