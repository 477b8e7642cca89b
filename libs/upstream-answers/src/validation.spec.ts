import { classesOf, replaySuite } from './testing';

for (const one of classesOf('validation')) replaySuite(one);
