import type { Socket } from 'node:net';

/** Finds out that a silent server is gone: a cut cable or a stopped process sends no FIN, and TCP waits for minutes. */
export interface Liveness {
  /** The server has just been heard. */
  heard(): void;
  /** Watches an exchange on `socket` until disposed: when nothing comes for a while and the server does not answer a probe either, calls `dead`. */
  watch(socket: Socket, dead: (err: Error) => void): Disposable;
}

export interface LivenessConfig {
  /** Silence after which the server is probed. */
  readonly idleMs: number;
  /** Any answer at all counts. Rejects when there was none. */
  readonly probe: () => Promise<void>;
  readonly now?: () => number;
}

export function newLiveness({ idleMs, probe, now = Date.now }: LivenessConfig): Liveness {
  let heardMs = 0;
  let probing: Promise<void> | undefined;
  const heard = (): void => void (heardMs = now());

  /** One probe answers for all exchanges that are silent at the same time. */
  const check = async (): Promise<void> => {
    if (now() - heardMs < idleMs / 2) return;
    probing ??= probe()
      .then(heard)
      .finally(() => (probing = undefined));
    await probing;
  };

  return {
    heard,
    watch(socket, dead) {
      let ended = false;
      const onIdle = (): void => {
        const alive = (): void => {
          if (!ended) socket.setTimeout(idleMs);
        };
        const silent = (err: unknown): void => {
          if (!ended) dead(new Error('the server does not answer any more', { cause: err }));
        };
        void check().then(alive, silent);
      };
      socket.setTimeout(idleMs);
      socket.on('timeout', onIdle);
      return {
        [Symbol.dispose]() {
          ended = true;
          socket.off('timeout', onIdle);
        },
      };
    },
  };
}
