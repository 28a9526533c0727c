// Loaded before a server that traces, which begins no trace by itself: the sender decides.
import { registerTracer } from './tracer.ts';

registerTracer(1);
