/**
 * A process of its own that holds idle WebSocket connections: both ends in one process would need twice the file
 * descriptors. Plain sockets that upgrade and then say nothing. Reports how many are open; ends when told to.
 *
 * Arguments: port, count, token.
 */
const { connect } = require("node:net");

const [, , port, count, token] = process.argv;
const WAVE = 250;
let open = 0;
let started = 0;

function start() {
  const last = Math.min(started + WAVE, Number(count));
  for (; started < last; started++) one();
}

function one() {
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", (error) => process.send({ error: error.message }));
  socket.once("data", (data) => {
    if (!data.toString().startsWith("HTTP/1.1 101")) process.send({ error: data.toString().slice(0, 40) });
    open += 1;
    if (open % WAVE === 0 || open === Number(count)) process.send({ open });
    if (open === started) start();
  });
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  );
}

process.on("message", () => process.exit(0));
start();
