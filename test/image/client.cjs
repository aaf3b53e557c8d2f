// Runs inside the container: one request to the engine, its answer on standard output; exit code 1 when it is refused.
const { METHOD, REQUEST_PATH, BODY, TOKEN } = process.env;
const engine = "http://127.0.0.1:8080";

async function developmentToken() {
  const answer = await fetch(`${engine}/api/development/token`, { method: "POST" });
  return (await answer.json()).token;
}

async function request() {
  const headers = { "content-type": "application/json" };
  if (REQUEST_PATH.startsWith("/api/")) headers.authorization = `Bearer ${TOKEN || (await developmentToken())}`;
  const answer = await fetch(`${engine}${REQUEST_PATH}`, { method: METHOD, headers, body: BODY || undefined });
  process.stdout.write(await answer.text());
  if (!answer.ok) process.exitCode = 1;
}

request().catch((error) => {
  process.stderr.write(String(error.cause ?? error));
  process.exitCode = 1;
});
