import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerConfig } from '@kubephant/http-client';
import { workspace } from '../../harness/cluster';
import { eventually } from '../../harness/eventually';
import { ask } from './administration';
import type { Credentials } from './certificates';
import { Program } from './program';
import type { Road } from './road';

/** What `npm run build` makes of apps/apiserver. */
export const apiServerProgram = join(workspace, 'apps', 'apiserver', 'dist', 'main.cjs');

export interface ApiServerConfig {
  readonly name: string;
  readonly program: string;
  readonly port: number;
  readonly credentials: Credentials;
  readonly directory: string;
  readonly road: Road;
}

/** One API server program, as `kubephant up` runs it, with a road of its own to PostgreSQL. */
export class ApiServer {
  readonly name: string;
  readonly road: Road;
  readonly #config: ApiServerConfig;
  readonly #program: Program;

  constructor(config: ApiServerConfig) {
    const { name, program, road, directory } = config;
    this.name = name;
    this.road = road;
    this.#config = config;
    const heap = ['--max-old-space-size=1024', '--max-semi-space-size=32'];
    this.#program = new Program({
      argv: [process.execPath, ...heap, program, ...flagsOf(config)],
      env: { NODE_ENV: 'production', UV_THREADPOOL_SIZE: '2', PATH: '/usr/bin:/bin' },
      logFile: join(directory, `${name}.log`),
    });
  }

  get server(): ServerConfig {
    return { server: `https://127.0.0.1:${this.#config.port}`, tls: this.#config.credentials.admin };
  }

  get isRunning(): boolean {
    return this.#program.isRunning;
  }

  /** Over this database, which it finds at the end of its road. */
  async start(database: string): Promise<void> {
    const url = `postgresql://kubephant@127.0.0.1:${this.road.port}/${database}`;
    await writeFile(urlFile(this.#config), `${url}\n`, { mode: 0o600 });
    await this.#program.start();
  }

  /** As it was started last. */
  async startAgain(): Promise<void> {
    if (!this.isRunning) await this.#program.start();
  }

  async kill(): Promise<void> {
    await this.#program.kill();
  }

  async pause(): Promise<void> {
    await this.#program.pause();
  }

  async resume(): Promise<void> {
    await this.#program.resume();
  }

  /** Resolves when it says that it is ready. */
  async ready(timeoutMs = 60_000): Promise<void> {
    await eventually(async () => {
      const { status, text } = await ask(this.server, 'GET', '/readyz');
      if (status !== 200) throw new Error(`${this.name} is not ready: ${text}`);
    }, timeoutMs);
  }
}

const urlFile = ({ directory, name }: ApiServerConfig): string => join(directory, `${name}.database-url`);

function flagsOf(config: ApiServerConfig): readonly string[] {
  const { directory: pki } = config.credentials;
  const flags = {
    v: 1,
    'bind-address': '127.0.0.1',
    'secure-port': config.port,
    'advertise-address': '192.0.2.1',
    'database-url-file': urlFile(config),
    'client-ca-file': join(pki, 'ca.crt'),
    'tls-cert-file': join(pki, 'apiserver.crt'),
    'tls-private-key-file': join(pki, 'apiserver.key'),
    'token-auth-file': join(pki, 'tokens.csv'),
    'service-account-key-file': join(pki, 'sa.pub'),
    'service-account-signing-key-file': join(pki, 'sa.key'),
  };
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}
