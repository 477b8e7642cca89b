import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { newLogger, systemClock } from '@kubephant/base';
import { withDatabase, type Layout } from '@kubephant/launcher';
import { checkDatabase, defaultRoles, initDatabase, PostgresLog } from '@kubephant/storage-postgres';
import { Option, type Command } from 'commander';
import { passwordIn, urlFor } from './credentials';
import { describeCheck, isSound } from './describe-check';

export interface DbContext {
  readonly print: (text: string) => void;
  readonly signal: AbortSignal;
  /** The cluster of a data directory; throws when there is none. */
  readonly existing: (dataDir: string) => Promise<Layout>;
  readonly withDataDir: (command: Command) => Command;
}

interface Target {
  readonly dataDir: string;
  readonly databaseUrl?: string;
}

interface InitOptions {
  readonly databaseUrl: string;
  readonly database: string;
  readonly credentials: string;
}

const log = newLogger({
  component: 'kubephant',
  verbosity: 0,
  format: 'text',
  write: (line) => void process.stderr.write(line),
});

/** `kubephant db …`: what an administrator does with the database itself. */
export function dbCommand(program: Command, context: DbContext): void {
  const db = program.command('db').description('prepare, migrate and check the PostgreSQL of a cluster');
  databaseUrl(
    db
      .command('init')
      .description(
        'make the roles and the schema for a cluster in a PostgreSQL of your own; may be repeated, also to take over a database that another role has used',
      ),
    'the server, as someone who may create roles and databases',
  )
    .option('--database <name>', 'the database, for this cluster alone; created if it is not there', 'kubephant')
    .option(
      '--credentials <dir>',
      'where the passwords are; those that are not there are made up and written there',
      'kubephant-database',
    )
    .action((options: InitOptions) => init(options, context));
  target(
    db.command('migrate').description('bring the schema to the version of this program, as its API server does'),
    context,
  )
    .action((options: Target) => withTarget(options, context, migrate))
    .addHelpText(
      'after',
      '\nAPI servers of this version do that when they start. Those that run meanwhile go on working.\n',
    );
  target(
    db
      .command('check')
      .description('compare the state with the log, while the cluster runs; exit code 1 if anything is wrong'),
    context,
  )
    .action((options: Target) => withTarget(options, context, (url) => check(url, context)))
    .addHelpText('after', checkHelp);
}

const checkHelp = `
Reads one moment of the database without disturbing anyone, a few objects in memory at a time. Says what is wrong, then
how many objects and changes there are, and a SHA-256 of each resource: equal digests mean equal states, for instance of
a backup and of what was restored from it. Needs the API server's role, or another that may read the tables.
`;

const databaseUrl = (command: Command, description: string): Command =>
  command.addOption(
    new Option('--database-url <url>', `${description}; a password is better given by the variable`).env(
      'KUBEPHANT_DATABASE_URL',
    ),
  );

const target = (command: Command, { withDataDir }: DbContext): Command =>
  withDataDir(databaseUrl(command, 'the database of a cluster; default: that of --data-dir'));

async function withTarget(
  { dataDir, databaseUrl: url }: Target,
  { existing, signal }: DbContext,
  work: (connectionString: string) => Promise<void>,
): Promise<void> {
  if (url !== undefined) await work(url);
  else await withDatabase(await existing(dataDir), work, signal);
}

async function init({ databaseUrl: url, database, credentials }: InitOptions, { print }: DbContext): Promise<void> {
  if (!(url as string | undefined)) throw new Error('--database-url or KUBEPHANT_DATABASE_URL is needed');
  const directory = resolve(credentials);
  const passwords = {
    apiserver: await passwordIn(directory, 'apiserver'),
    reader: await passwordIn(directory, 'reader'),
  };
  const remarks = await initDatabase({
    connectionString: url,
    database,
    apiserver: { name: defaultRoles.apiserver, password: passwords.apiserver },
    reader: { name: defaultRoles.reader, password: passwords.reader },
  });
  for (const name of ['apiserver', 'reader'] as const) {
    const role = defaultRoles[name];
    const file = join(directory, `${name}-url`);
    await writeFile(file, `${urlFor(url, { role, password: passwords[name], database })}\n`, { mode: 0o600 });
    print(`${name.padEnd(9)}  ${urlFor(url, { role, password: 'PASSWORD', database })}\n           is in ${file}\n`);
  }
  for (const remark of remarks) print(`\nNote: ${remark}.\n`);
  print(`\nNow:  KUBEPHANT_DATABASE_URL=$(cat ${join(directory, 'apiserver-url')}) kubephant up\n`);
}

async function migrate(connectionString: string): Promise<void> {
  const postgres = new PostgresLog({ connectionString, clock: systemClock, log, historyMs: 0 });
  try {
    await postgres.migrate();
  } finally {
    await postgres.close();
  }
}

async function check(connectionString: string, { print }: DbContext): Promise<void> {
  const onFinding = (text: string): void => print(`WRONG  ${text}\n`);
  const report = await checkDatabase({ connectionString, clock: systemClock, log, onFinding });
  print(describeCheck(report));
  if (!isSound(report)) process.exitCode = 1;
}
