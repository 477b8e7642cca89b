const controller = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => controller.abort());

/** Loaded by need: the supervisor runs for as long as the cluster does and must not carry what only `up` needs. */
async function main(): Promise<void> {
  if (process.argv[2] === 'supervise') {
    const { superviseCommand } = await import('./supervise');
    await superviseCommand(process.argv.slice(3), controller.signal);
  } else {
    const { buildCommands } = await import('./commands');
    await buildCommands(controller.signal).parseAsync(process.argv);
  }
}

main().catch((err: unknown) => {
  if (controller.signal.aborted) {
    // As shells report a program that an interrupt has ended.
    process.exitCode = 130;
    process.stderr.write('kubephant: interrupted\n');
    return;
  }
  const causes: string[] = [];
  for (let cause = err; cause instanceof Error; cause = cause.cause) causes.push(cause.message);
  process.stderr.write(`kubephant: ${causes.length > 0 ? causes.join(': ') : String(err)}\n`);
  process.exitCode = 1;
});
