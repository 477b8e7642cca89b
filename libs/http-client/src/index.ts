export * from './api-transport';
export * from './file-token';
export * from './https-transport';
export * from './kubeconfig';
export * from './server-config';
export * from './web-socket';
