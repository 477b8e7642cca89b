import { EventEmitter } from 'node:events';
import { runComponent, wholeNumber, type ComponentContext, type HostProcess } from './run-component';

interface Options {
  readonly port: number;
  readonly v: number;
}

async function start(
  args: readonly string[],
  run: (options: Options, context: ComponentContext) => Promise<void>,
  onHost: (host: EventEmitter) => void = () => undefined,
): Promise<{ lines: string; code: unknown }> {
  const emitter = new EventEmitter();
  let lines = '';
  let code: number | undefined;
  const host = Object.assign(emitter, {
    argv: ['node', 'main', ...args],
    stdout: { write: (text: string) => (lines += text) },
    getActiveResourcesInfo: () => ['Timeout'],
    exit: (status: number) => (code = status),
  }) as unknown as HostProcess & EventEmitter;
  const component = {
    name: 'kube-thing',
    description: 'does things',
    flags: (command: Parameters<Parameters<typeof runComponent<Options>>[0]['flags']>[0]) =>
      command.option('--port <n>', 'a port', wholeNumber, 1),
    run,
  };
  onHost(host);
  await runComponent<Options>(component, host);
  return { lines, code };
}

describe('a program', () => {
  it.each([['--v=3'], ['-v=3'], ['-v3'], ['-v', '3']])('takes its verbosity as %s', async (...args) => {
    const seen: Options[] = [];
    await start(
      args.filter((arg) => typeof arg === 'string'),
      async (options) => void seen.push(options),
    );
    expect(seen).toMatchObject([{ v: 3, port: 1 }]);
  });

  it('ends with 0 when it is done and with 1 when it fails, and says why', async () => {
    expect((await start([], async () => undefined)).code).toBe(0);
    const failed = await start(['--logging-format=json'], () => Promise.reject(new Error('no database')));
    expect(failed.code).toBe(1);
    expect(failed.lines).toContain('no database');
  });

  it('is told to stop by a signal, which is not a failure', async () => {
    const started = Promise.withResolvers<EventEmitter>();
    const running = start(
      [],
      async (_options, { signal }) => {
        (await started.promise).emit('SIGTERM');
        signal.throwIfAborted();
      },
      started.resolve,
    );
    expect((await running).code).toBe(0);
  });

  it('has the metrics of a process', async () => {
    await start([], async (_options, { metrics }) => {
      const text = await metrics.registry.metrics();
      for (const name of [
        'process_cpu_seconds_total',
        'process_resident_memory_bytes',
        'go_goroutines 1',
        'kubernetes_build_info{',
      ])
        expect(text).toContain(name);
    });
  });
});
