export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** When it was measured; absent: now. */
  readonly timestampMs?: number;
}

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Prometheus' text form of what is measured anew for each request. */
export function exposition(families: readonly Family[]): string {
  return families
    .map(({ name, type, help, samples }) => {
      const lines = samples.map(({ labels, value, timestampMs }) => {
        const time = timestampMs === undefined ? '' : ` ${Math.floor(timestampMs)}`;
        return `${name}{${labelText(labels)}} ${value}${time}\n`;
      });
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
    })
    .join('');
}

function labelText(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`))}"`)
    .join(',');
}
