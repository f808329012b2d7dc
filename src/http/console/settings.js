// What a person has chosen, kept for the next visit; the token for this one alone.

/** @param {Storage} storage @param {string} name @param {string} otherwise */
function read(storage, name, otherwise) {
  try {
    return storage.getItem(`crs-local.${name}`) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** @param {Storage} storage @param {string} name @param {string} value */
function write(storage, name, value) {
  try {
    storage.setItem(`crs-local.${name}`, value);
  } catch {
    // Not kept, then.
  }
}

/** @param {string} name @param {string} otherwise */
export const chosen = (name, otherwise) => read(localStorage, name, otherwise);

/** @param {string} name @param {string} value */
export const choose = (name, value) => write(localStorage, name, value);

export const token = () => read(sessionStorage, "token", "");

/** @param {string} value */
export const keepToken = (value) => write(sessionStorage, "token", value);
