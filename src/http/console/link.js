// The address of a view: what stands behind `#`. A call in it fills the form and sends nothing.

/** @returns {{ view: string, name: string, query: URLSearchParams }} */
export function here() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [view, name] = path.split("/");
  return { view: view || "call", name: decoded(name ?? ""), query: new URLSearchParams(query ?? "") };
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * A link that holds a whole call but its key pair.
 * @param {{ action: string, service: string, region: string, params: Record<string, unknown> }} call
 */
export function linkOf(call) {
  const query = new URLSearchParams({ region: call.region, params: JSON.stringify(call.params) });
  if (call.service !== "redis") query.set("service", call.service);
  return `#/call/${encodeURIComponent(call.action)}?${query}`;
}

/** Changes the address without going anywhere. @param {string} hash */
export const note = (hash) => history.replaceState(null, "", hash);

/** @param {string} hash */
export const go = (hash) => void (location.hash = hash);
