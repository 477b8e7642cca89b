import type { Pod } from '@kubephant/schema';
import { podLogFolder } from './sandbox-config';

/** Where a kubelet keeps what it has of its pods. */
export interface PodPaths {
  readonly pods: string;
  podDirectory(uid: string): string;
  volumes(uid: string): string;
  volume(uid: string, kind: string, name: string): string;
  subPaths(uid: string): string;
  etcHosts(uid: string): string;
  containerDirectory(uid: string, container: string): string;
  readonly logs: string;
  podLogs(pod: Pod): string;
}

export function podPaths(rootDirectory: string, logsDirectory: string): PodPaths {
  const pods = `${rootDirectory}/pods`;
  const podDirectory = (uid: string): string => `${pods}/${uid}`;
  return {
    pods,
    podDirectory,
    volumes: (uid) => `${podDirectory(uid)}/volumes`,
    volume: (uid, kind, name) => `${podDirectory(uid)}/volumes/kubernetes.io~${kind}/${name}`,
    subPaths: (uid) => `${podDirectory(uid)}/volume-subpaths`,
    etcHosts: (uid) => `${podDirectory(uid)}/etc-hosts`,
    containerDirectory: (uid, container) => `${podDirectory(uid)}/containers/${container}`,
    logs: logsDirectory,
    podLogs: (pod) => `${logsDirectory}/${podLogFolder(pod)}`,
  };
}
