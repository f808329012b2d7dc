// A pasted request, read: curl, raw HTTP, or headers line by line.

/**
 * @typedef {object} Pasted
 * @property {string} method
 * @property {string} path
 * @property {string} query
 * @property {[string, string][]} headers as written
 * @property {string} body
 * @property {"curl" | "http" | "headers"} form
 */

/** @param {string} text @returns {Pasted} */
export function readRequest(text) {
  const trimmed = text.trim();
  if (/^(\$\s*)?curl\s/.test(trimmed)) return readCurl(trimmed.replace(/^\$\s*/, ""));
  return readHttp(text.replace(/^\s*\n/, ""));
}

/** @param {string} name @param {Pasted} request */
export const header = (name, request) => request.headers.find(([own]) => own.toLowerCase() === name)?.[1] ?? "";

/** @param {string} target @returns {{ host: string, path: string, query: string }} */
function readTarget(target) {
  const parts = /^(?:https?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?/.exec(target);
  return { host: parts?.[1] ?? "", path: parts?.[2] || "/", query: parts?.[3] ?? "" };
}

/** @param {string} text @returns {Pasted} */
function readHttp(text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const first = /^(GET|POST|PUT|DELETE|HEAD)\s+(\S+)/.exec(lines[0] ?? "");
  const { host, path, query } = readTarget(first?.[2] ?? "/");
  /** @type {[string, string][]} */
  const headers = [];
  let at = first ? 1 : 0;
  for (; at < lines.length && lines[at].trim() !== ""; at++) {
    const parts = /^\s*>?\s*([A-Za-z0-9-]+)\s*:\s?(.*)$/.exec(lines[at]);
    if (parts) headers.push([parts[1], parts[2].trimEnd()]);
  }
  const body = lines.slice(at + 1).join("\n").replace(/\n+$/, "");
  if (host && !headers.some(([name]) => name.toLowerCase() === "host")) headers.push(["Host", host]);
  return { method: first?.[1] ?? (query ? "GET" : "POST"), path, query, headers, body, form: first ? "http" : "headers" };
}

/** The words of a shell's command line. @param {string} text @returns {string[]} */
export function words(text) {
  /** @type {string[]} */
  const found = [];
  let word = null;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "'" || (char === "$" && text[at + 1] === "'")) {
      if (char === "$") at++;
      const end = text.indexOf("'", at + 1);
      word = (word ?? "") + text.slice(at + 1, end < 0 ? text.length : end);
      at = end < 0 ? text.length : end;
    } else if (char === '"') {
      word ??= "";
      for (at++; at < text.length && text[at] !== '"'; at++) {
        if (text[at] === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) at++;
        if (text[at] !== "\n" || text[at - 1] !== "\\") word += text[at];
      }
    } else if (char === "\\" && /[\r\n]/.test(text[at + 1] ?? "")) {
      at += text[at + 1] === "\r" ? 2 : 1;
    } else if (char === "\\") {
      word = (word ?? "") + (text[++at] ?? "");
    } else if (/\s/.test(char)) {
      if (word !== null) found.push(word);
      word = null;
    } else {
      word = (word ?? "") + char;
    }
  }
  if (word !== null) found.push(word);
  return found;
}

/** @param {string} text @returns {Pasted} */
function readCurl(text) {
  const all = words(text).slice(1);
  let [method, target, body, isGet] = ["", "", "", false];
  /** @type {[string, string][]} */
  const headers = [];
  for (let at = 0; at < all.length; at++) {
    const joined = /^(--?[A-Za-z-]+)=(.*)$/s.exec(all[at]);
    const option = joined?.[1] ?? all[at];
    const value = () => joined?.[2] ?? all[++at] ?? "";
    if (/^(-H|--header)$/.test(option)) {
      const [name, ...rest] = value().split(":");
      headers.push([name.trim(), rest.join(":").trim()]);
    } else if (/^(-d|--data|--data-raw|--data-binary|--data-ascii|--json)$/.test(option)) {
      const piece = value();
      body = body ? `${body}&${piece}` : piece;
    } else if (/^(-X|--request)$/.test(option)) method = value();
    else if (/^(-G|--get)$/.test(option)) isGet = true;
    else if (/^(-A|-u|-o|-m|-b|--user|--output|--max-time|--cacert|--user-agent|--proxy|-x|--resolve|--connect-timeout)$/.test(option)) value();
    else if (option === "--url") target = value();
    else if (!option.startsWith("-")) target = option;
  }
  const { host, path, query } = readTarget(/^https?:/.test(target) ? target : `http://${target}`);
  if (!headers.some(([name]) => name.toLowerCase() === "host")) headers.push(["Host", host]);
  if (body && !isGet && !headers.some(([name]) => name.toLowerCase() === "content-type")) {
    headers.push(["Content-Type", "application/x-www-form-urlencoded"]);
  }
  return {
    method: method || (body && !isGet ? "POST" : "GET"), path, headers, form: "curl",
    query: isGet && body ? [query, body].filter(Boolean).join("&") : query,
    body: isGet ? "" : body,
  };
}
