export type { KubeletConfig, KubeletDeps } from './config/kubelet-config';
export { newKubelet, type Kubelet, type KubeletParts } from './kubelet';
export { kubeletHandler, type KubeletHandlerDeps } from './server/kubelet-handler';
