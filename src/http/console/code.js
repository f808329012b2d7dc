// The same call in other languages. Each module has one function from a call to a text; nothing here touches the page,
// so that the suites of the clients run what it writes.

import { cpp } from "./code-cpp.js";
import { curl } from "./code-curl.js";
import { dotnet } from "./code-dotnet.js";
import { go } from "./code-go.js";
import { java } from "./code-java.js";
import { node } from "./code-node.js";
import { php } from "./code-php.js";
import { python } from "./code-python.js";
import { ruby } from "./code-ruby.js";
import { rust } from "./code-rust.js";
import { tccli } from "./code-tccli.js";
import { hasResource, terraform } from "./code-terraform.js";

/**
 * What code is written of.
 * @typedef {object} Written
 * @property {import("./members.js").Action} action
 * @property {Record<string, unknown>} params what is sent
 * @property {string} region
 * @property {string} secretId
 * @property {string} secretKey
 * @property {boolean} real at the real endpoint, with a key pair of the environment
 * @property {string} host of this server, with its port
 * @property {string} scheme of this server: `http` or `https`
 */

/** @typedef {(call: Written) => string | Promise<string>} Writer */

/** @type {{ id: string, name: string, write: Writer, only?: (action: string) => boolean }[]} */
export const LANGUAGES = [
  { id: "python", name: "Python", write: python },
  { id: "java", name: "Java", write: java },
  { id: "go", name: "Go", write: go },
  { id: "node", name: "Node.js", write: node },
  { id: "php", name: "PHP", write: php },
  { id: "dotnet", name: ".NET", write: dotnet },
  { id: "cpp", name: "C++", write: cpp },
  { id: "ruby", name: "Ruby", write: ruby },
  { id: "tccli", name: "TCCLI", write: tccli },
  { id: "curl", name: "curl", write: curl },
  { id: "rust", name: "Rust", write: rust },
  { id: "terraform", name: "Terraform", write: terraform, only: hasResource },
];

/** The languages that an action has code in. @param {string} action */
export const languagesOf = (action) => LANGUAGES.filter((language) => language.only?.(action) ?? true);

/** @param {string} id @param {Written} call @returns {Promise<string>} */
export async function codeOf(id, call) {
  const language = LANGUAGES.find((own) => own.id === id);
  if (!language) throw new Error(`there is no code in ${id}`);
  return language.write(call);
}
