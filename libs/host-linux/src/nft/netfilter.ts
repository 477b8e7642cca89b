import type { Netfilter, Routes } from '@kubephant/node';
import { runCommand } from '../run-command';

/** Netfilter through nft(8) in the network namespace of this process. */
export const nftables: Netfilter = {
  async apply(script) {
    await runCommand('nft', ['-f', '-'], script);
  },
};

/** Routes through ip-route(8). */
export const ipRoutes: Routes = {
  async replace(cidr, via) {
    await runCommand('ip', ['route', 'replace', cidr, 'via', via]);
  },
  async remove(cidr) {
    const listed = await runCommand('ip', ['route', 'show', cidr]);
    if (listed.trim() !== '') await runCommand('ip', ['route', 'delete', cidr]);
  },
};
