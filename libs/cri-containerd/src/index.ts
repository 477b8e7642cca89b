export { newCriClient, type CriClient } from './cri-client';
export { containerdConfig, type ContainerdConfig } from './server/containerd-config';
export { newStreamDialer } from './streaming/stream-dialer';
