export * from './exchange';
export * from './serve-dns';
