/** Why something that upstream has by default is not served, or not with every verb. */
export const reasons: Readonly<Record<string, string>> = {
  'v1 componentstatuses':
    'deprecated since 1.19; it asks fixed ports of the server’s own machine, which says nothing of a cluster. ' +
    'Leases and /readyz do.',
};
