export type { HeaderFields } from './header-block';
export { newSpdySession, type SpdyOptions, type SpdySession } from './session';
export type { SpdyStream } from './stream';
