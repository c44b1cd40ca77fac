/** What is due: the queue of addresses with its leases, and the policy by which they are visited again. */
export { openFrontier } from './frontier.ts';
export type { FrontierOptions } from './frontier.ts';
export { nameOfSqlite } from './sqlite.ts';
export { nextVisit } from './revisit.ts';
export type { NextVisit, RevisitPolicy, Term, VisitFacts } from './revisit.ts';
