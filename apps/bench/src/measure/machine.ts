import { readFile, readdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { hrtime } from 'node:process';
import { systemClock, type Clock } from '@kubephant/base';

/** Milliseconds of a clock that all processes of the machine share and that never jumps. */
export const nowMs = (): number => Number(hrtime.bigint()) / 1e6;

export const machineClock: Clock = { ...systemClock, now: nowMs };

export const cores: number = availableParallelism();

/** What a process took between two moments. */
export interface Usage {
  /** Processor time per time: 1 is a whole core. */
  readonly cores: number;
  /** The share of time in which its event loop worked: neither waited for events nor for a core. */
  readonly loop: number;
}

/** Starts to measure this process; the answer ends it. */
export function meter(): () => Usage {
  const startMs = nowMs();
  const loop = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    const taken = (user + system) / 1000 / (nowMs() - startMs);
    return { cores: taken, loop: Math.min(taken, performance.eventLoopUtilization(loop).utilization) };
  };
}

/** After collecting garbage, which needs --expose-gc. */
export function memoryBytes(): { readonly held: number; readonly resident: number } {
  if (!globalThis.gc) throw new Error('memory cannot be measured without --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { held: heapUsed + external, resident: rss };
}

/** Linux counts processor time in hundredths of a second, for every program [proc(5), USER_HZ]. */
const ticksPerSecond = 100;

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** Of the process, and of its children that have ended. */
  readonly cpuSeconds: number;
}

/** One line of /proc/PID/stat; the name in it may hold spaces and brackets. */
export function parseStat(text: string): ProcessStat {
  const [, parent, ...rest] = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  // After the parent: pgrp session tty tpgid flags and four counts of faults, then the times.
  const ticks = rest.slice(9, 13).reduce((sum, some) => sum + some, 0);
  return { pid: parseInt(text), parent: parent ?? 0, cpuSeconds: ticks / ticksPerSecond };
}

/** Processor seconds of a process and its children, those that have ended included. */
export async function familyCpuSeconds(pid: number): Promise<number> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = (name: string): Promise<string> => readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
  const stats = (await Promise.all(pids.map(read))).filter(Boolean).map(parseStat);
  return stats.reduce((sum, stat) => (stat.pid === pid || stat.parent === pid ? sum + stat.cpuSeconds : sum), 0);
}

/** Processor seconds of the whole machine that were not idle. */
export async function machineCpuSeconds(): Promise<number> {
  return parseMachine(await readFile('/proc/stat', 'utf8'));
}

export function parseMachine(text: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (text.split('\n')[0] ?? '')
    .split(/ +/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq) / ticksPerSecond;
}
