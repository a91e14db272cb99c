// Lambda's loop, as short as it can be: the runtime that AWS provides does more on each call.
import http from "node:http";
import { handler } from "./create-appointment.ts";

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API!.split(":");
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const base = "/2018-06-01/runtime/invocation/";

function call(method: string, path: string, body?: string): Promise<[http.IncomingHttpHeaders, string]> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const request = http.request({ host, port, method, path: base + path, agent, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve([response.headers, Buffer.concat(parts).toString()]));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function main() {
  for (;;) {
    const [headers, event] = await call("GET", "next");
    const id = headers["lambda-runtime-aws-request-id"];
    const response = await handler(JSON.parse(event));
    await call("POST", `${id}/response`, JSON.stringify(response));
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
