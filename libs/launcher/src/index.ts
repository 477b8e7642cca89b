export { down } from './down';
export { layoutOf, readLayout, type ClusterOptions, type Layout, type NodeLayout } from './layout';
export { followLog } from './logs';
export { ensurePackages } from './packages';
export { settleOptions, type AskedOptions } from './options';
export { withDatabase } from './postgres';
export { newProgress, type Progress, type ProgressOptions } from './progress';
export { status, type ClusterStatus, type ProcessStatus } from './status';
export { up, type UpConfig } from './up';
