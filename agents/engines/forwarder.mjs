// Behind the walls: starts the engine, and passes what it sends to a loopback port on to the one socket that leads out.
import { spawn } from "node:child_process";
import net from "node:net";

const [socket, port, program, ...args] = process.argv.slice(2);

const server = net.createServer((near) => {
  const far = net.connect(socket);
  near.pipe(far).pipe(near);
  near.on("error", () => far.destroy());
  far.on("error", () => near.destroy());
});

server.listen(Number(port), "127.0.0.1", () => {
  const engine = spawn(program, args, { stdio: "inherit" });
  engine.on("exit", (code) => process.exit(code ?? 1));
});
