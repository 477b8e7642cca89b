export { down, purge } from './down';
export { layoutOf, readLayout, type ClusterOptions, type Layout, type NodeLayout } from './layout';
export { followLog } from './logs';
export { ensurePackages } from './packages';
export { newProgress, type Progress } from './progress';
export { status, type ProcessStatus } from './status';
export { up, type UpConfig } from './up';
