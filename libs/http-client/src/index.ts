export * from './api-transport';
export * from './file-token';
export * from './http2-transport';
export * from './https-transport';
export * from './kubeconfig';
export * from './negotiate';
export * from './server-config';
export * from './web-socket';
