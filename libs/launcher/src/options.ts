import type { ClusterOptions } from './layout';

/** What a person asked for. What is absent stays as it was at the last `up`, or takes its default. */
export interface AskedOptions {
  readonly dataDir: string;
  readonly portOffset?: number;
  readonly nodes?: number;
  readonly runtime?: ClusterOptions['runtime'];
  readonly databaseUrl?: string;
  readonly verbosity?: number;
}

/**
 * The options of a cluster, from those asked for and those it already has. What is written into its data (addresses,
 * the kind of its nodes, where the data is) cannot change: asking for that is an error that says what to do.
 */
export function settleOptions(
  { databaseUrl, ...asked }: AskedOptions,
  before: ClusterOptions | undefined,
  canContain: boolean,
): ClusterOptions {
  const defaults = { portOffset: 0, nodes: 1, runtime: canContain ? 'containerd' : 'simulated', verbosity: 0 } as const;
  const url = databaseUrl ?? before?.databaseUrl;
  const wanted: ClusterOptions = { ...defaults, ...before, ...asked, ...(url !== undefined && { databaseUrl: url }) };
  if (wanted.runtime === 'containerd') checkContainers(wanted, canContain);
  if (before) refuseChanges(wanted, before);
  return wanted;
}

function checkContainers({ dataDir }: ClusterOptions, canContain: boolean): void {
  if (!canContain)
    throw new Error('the containerd runtime needs Linux and root: use --runtime simulated with another --data-dir');
  if (Buffer.byteLength(dataDir) > longestDataDir)
    throw new Error(`--data-dir may have ${longestDataDir} bytes at most: the sockets in it must fit into an address`);
}

/** A unix socket's address has 107 bytes at most; the longest below the data directory is a containerd's. */
const longestDataDir = 107 - '/nodes/node-50/containerd.sock.ttrpc'.length;

function refuseChanges(wanted: ClusterOptions, before: ClusterOptions): void {
  const fixed: readonly (readonly [what: string, wanted: string, before: string])[] = [
    ['--port-offset', String(wanted.portOffset), String(before.portOffset)],
    ['--runtime', wanted.runtime, before.runtime],
    ['database', placeOf(wanted), placeOf(before)],
  ];
  for (const [what, now, then] of fixed) {
    if (now === then) continue;
    throw new Error(
      `the cluster in ${before.dataDir} was made with ${what} ${then}, which cannot become ${now}: leave it as it is, or use another --data-dir`,
    );
  }
}

const placeOf = ({ databaseUrl }: ClusterOptions): string => (databaseUrl === undefined ? 'embedded' : 'external');
