export { newLinuxHost } from './linux-host';
export { runCommand } from './run-command';
