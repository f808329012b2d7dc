// Elements, made by hand. What comes of the state is only ever set as text.

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, unknown>} Attributes */

/**
 * @param {Element} element
 * @param {Attributes} attributes `on…` listens, `class` and others are attributes, `value` and `checked` properties
 */
function furnish(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "value" || name === "checked" || name === "selected") Reflect.set(element, name, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Element} element @param {(Child | Child[])[]} children */
function fill(element, children) {
  for (const child of children.flat()) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes | null} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  furnish(element, attributes ?? {});
  fill(element, children);
  return element;
}

/**
 * @param {string} tag
 * @param {Attributes | null} [attributes]
 * @param {...(Child | Child[])} children
 */
export function svg(tag, attributes, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  furnish(element, attributes ?? {});
  fill(element, children);
  return element;
}

/** Puts these in the place of what is there. @param {Element} element @param {...(Child | Child[])} children */
export function put(element, ...children) {
  element.replaceChildren();
  fill(element, children);
  return element;
}

/** @param {string} label @param {() => void} does @param {Attributes} [attributes] */
export const button = (label, does, attributes) => h("button", { type: "button", onclick: does, ...attributes }, label);

/** A list to choose from. @param {string} label @param {(string | [string, string])[]} options @param {string} value @param {(value: string) => void} changed @param {Attributes} [attributes] */
export function select(label, options, value, changed, attributes) {
  const rows = options.map((option) => {
    const [own, text] = Array.isArray(option) ? option : [option, option];
    return h("option", { value: own }, text);
  });
  const made = h("select", { "aria-label": label, ...attributes }, rows);
  made.value = value;
  made.addEventListener("change", () => changed(made.value));
  return made;
}

/** A value with a name: one row of a list of facts. @param {string} name @param {...Child} values */
export const fact = (name, ...values) => h("div", { class: "fact" }, h("dt", null, name), h("dd", null, ...values));

/** A code that may be broken behind its dot, where there is no room. @param {string} text @returns {Child[]} */
export const breakable = (text) => text.split(/(?<=\.)/).flatMap((part, at) => (at > 0 ? [h("wbr"), part] : [part]));

/** Whether a person is typing there. @param {EventTarget | null} target */
export const isTyping = (target) => target instanceof HTMLElement && target.matches("input, textarea, select");

/** Says something for a while, aloud too. @param {string} text @param {"ok" | "bad"} [kind] */
export function say(text, kind = "ok") {
  const place = document.getElementById("said");
  if (!place) return;
  const note = h("p", { class: `note ${kind}` }, text);
  place.append(note);
  setTimeout(() => note.remove(), kind === "ok" ? 2_500 : 8_000);
}

/** Copies; where the page may not, it selects. @param {string} text @param {string} done */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = h("textarea", { class: "unseen", value: text });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  say(done);
}
