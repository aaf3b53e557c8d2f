import { HttpProxyAgent } from "http-proxy-agent";
import { HttpsProxyAgent } from "https-proxy-agent";

/** Agents that go through the shell's proxy, where one is set; Node's own HTTP does not look. */
export function proxyAgents(environment: NodeJS.ProcessEnv): {
  readonly httpAgent?: HttpProxyAgent<string>;
  readonly httpsAgent?: HttpsProxyAgent<string>;
} {
  const http = environment.HTTP_PROXY ?? environment.http_proxy;
  const https = environment.HTTPS_PROXY ?? environment.https_proxy;
  return {
    ...(http ? { httpAgent: new HttpProxyAgent(http) } : {}),
    ...(https ? { httpsAgent: new HttpsProxyAgent(https) } : {}),
  };
}
