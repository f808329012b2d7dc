import { endpointOf, schemeOf, shell } from "./code-words.js";
import { TC3, request } from "./sign.js";

/** curl, signed now: it holds for five minutes. @type {import("./code.js").Writer} */
export async function curl(call) {
  const host = endpointOf(call);
  const signed = await request(
    {
      action: call.action.Name,
      service: call.action.Service,
      version: call.action.Version,
      region: call.region,
      params: call.params,
      secretId: call.secretId,
      secretKey: call.secretKey,
      method: call.real ? "none" : TC3,
    },
    host,
  );
  const headers = Object.entries(signed.headers).map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`);
  const note = call.real
    ? "# Not signed: a key pair of the real cloud does not belong in this page. TCCLI signs by itself.\n"
    : "# Signed just now; the signature holds for five minutes.\n";
  return `${note}curl -sS ${schemeOf(call)}://${host}/ \\
  ${headers.join(" \\\n  ")} \\
  -d ${shell(signed.body)}
`;
}
