export { linuxCgroups } from './linux-cgroups';
export { newLinuxHost } from './linux-host';
export { runCommand } from './run-command';
export { ipRoutes, nftables } from './nft/netfilter';
