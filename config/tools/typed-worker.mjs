// Start of a worker thread whose program is TypeScript, for running from source and in tests: `workerData.script` names it.
import { workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
await import(workerData.script);
