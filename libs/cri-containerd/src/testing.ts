export * from './testing/own-containerd';
