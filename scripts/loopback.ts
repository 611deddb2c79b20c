/** Turns a server into one that listens on loopback only. */
import type { Server } from "node:net";

/** Starts a server on a free port of loopback; gives the port. @throws Error when it can't listen. */
export function listenOnLoopback(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      server.off("error", reject);
      const address = server.address();
      if (address !== null && typeof address === "object") resolve(address.port);
      else reject(new Error("no port on loopback"));
    });
  });
}
