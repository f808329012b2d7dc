// The contract, as the server tells it.

import { control } from "./control.js";

/**
 * A row of what is searched.
 * @typedef {object} Listed
 * @property {string} Name
 * @property {string} Service
 * @property {string} Version
 * @property {string} Family
 * @property {string[]} Parameters
 * @property {number[] | null} Codes
 */

/**
 * @typedef {object} Contract
 * @property {Listed[]} Actions
 * @property {string[]} Codes
 * @property {string[]} Common
 * @property {{ Name: string, Financial: boolean, Zones: { Id: number, Name: string }[] }[]} Regions
 * @property {{ TypeId: number, Name: string, MemSize: number[], RedisShardNum: number[] | null, RedisReplicasNum: number[] | null }[]} Editions
 */

/** @type {Promise<Contract> | undefined} */
let whole;

/** @returns {Promise<Contract>} */
export const contract = () => (whole ??= control("GET", "/contract").then(flat).catch((error) => {
  whole = undefined;
  throw error;
}));

/** As the page uses it: each action with its family, common codes by name. @param {any} told @returns {Contract} */
const flat = ({ Families, Common, ...told }) => ({
  ...told,
  Common: Common.map((/** @type {number} */ code) => told.Codes[code]),
  Actions: Families.flatMap((/** @type {any} */ family) =>
    family.Actions.map((/** @type {any} */ own) => ({ ...own, Family: family.Name, Service: family.Service, Version: family.Version }))),
});

/** @type {Map<string, Promise<import("./members.js").Action>>} */
const actions = new Map();

/** @param {string} name @param {string} service @returns {Promise<import("./members.js").Action>} */
export function action(name, service) {
  const key = `${name}?Service=${service}`;
  const read = actions.get(key) ?? control("GET", `/actions/${encodeURIComponent(name)}?Service=${encodeURIComponent(service)}`).catch((error) => {
    actions.delete(key);
    throw error;
  });
  actions.set(key, read);
  return read;
}

/** The edition's name. @param {Contract | null} known @param {number} typeId */
export const editionName = (known, typeId) => known?.Editions.find((edition) => edition.TypeId === typeId)?.Name ?? `type ${typeId}`;

/** The zone's name. @param {Contract | null} known @param {string} region @param {number} zoneId */
export const zoneName = (known, region, zoneId) =>
  known?.Regions.find((own) => own.Name === region)?.Zones.find((zone) => zone.Id === zoneId)?.Name ?? String(zoneId);
