export type { KubeletConfig, KubeletDeps } from './config/kubelet-config';
export { newKubelet, type Kubelet, type KubeletParts } from './kubelet';
