export * from './authority';
export * from './kubeconfig';
export { newKeys, privatePem, publicPem, type KeyPair } from './pem';
