import { newHttpTransport, type ServerConfig } from '@kubephant/http-client';
import { textOf } from '../subject/answer';

const answerMs = 10_000;

/** One request to one API server on a connection of its own; its status and text, whatever they are. */
export async function ask(
  server: ServerConfig,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly text: string }> {
  const transport = newHttpTransport(server);
  try {
    const response = await transport.send({
      method,
      path,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMs),
    });
    return { status: response.status, text: await textOf(response.body) };
  } finally {
    transport.close();
  }
}
