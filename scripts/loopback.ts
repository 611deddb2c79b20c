/** Turns a server into one that listens on loopback only. */
import { once } from "node:events";
import type { Server } from "node:net";

/** Starts a server on a free port of loopback; gives the port. @throws Error when it can't listen. */
export async function listenOnLoopback(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  // An error of the server's ends the wait as well.
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address !== "object") throw new Error("no port on loopback");
  return address.port;
}
