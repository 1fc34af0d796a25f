declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Options of the DynamoDB emulator that are used here; times in milliseconds. */
  interface DynaliteOptions {
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** Makes an HTTP server that answers DynamoDB's API from memory. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
