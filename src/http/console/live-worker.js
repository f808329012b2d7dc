// Reads the whole state beside the page, so that a large one never stops it: the page gets the rows of its table, and of
// one instance, one account or the groups what it asks for. The state shows no flow and is no call of the API.

/** @type {any} */
let state = { Accounts: [] };
let first = true;

/** @param {string} token */
async function read(token) {
  const begun = performance.now();
  const answer = await fetch("/_crs/state", { headers: token ? { Authorization: `Bearer ${token}` } : {} });
  if (!answer.ok) return postMessage({ kind: "failed", status: answer.status });
  state = await answer.json();
  const rows = state.Accounts.flatMap((/** @type {any} */ account) => (account.Instances ?? []).map((/** @type {any} */ own) => row(account, own)));
  // In pieces, since each is taken in by one task of the page. The first of all comes small, to be seen early.
  const size = first ? 100 : 1_000;
  first = false;
  for (let at = 0; at < rows.length; at += size) postMessage({ kind: "rows", at, rows: rows.slice(at, at + size) });
  postMessage({ kind: "read", count: rows.length, summary: summary(), ms: performance.now() - begun });
}

/** @param {any} account @param {any} own */
const row = (account, own) => ({
  AppId: account.AppId,
  InstanceId: own.InstanceId,
  InstanceName: own.InstanceName,
  Region: own.Region,
  ZoneId: own.ZoneId,
  TypeId: own.TypeId,
  MemSize: own.MemSize,
  MemUsed: own.MemUsed,
  RedisShardNum: own.RedisShardNum ?? 1,
  RedisReplicasNum: own.RedisReplicasNum ?? 0,
  Status: own.Status,
  BillingMode: own.BillingMode,
  Createtime: own.Createtime,
});

/** What all views need. */
const summary = () => ({
  Clock: state.Clock,
  Accounts: state.Accounts.map((/** @type {any} */ account) => ({
    AppId: account.AppId,
    Uin: account.Uin,
    Balance: account.Balance,
    Credentials: (account.Credentials ?? []).map((/** @type {any} */ own) => ({ SecretId: own.SecretId, SecretKey: own.SecretKey, Token: own.Token })),
    Flows: (account.Flows ?? []).slice(0, 500),
    FlowCount: (account.Flows ?? []).length,
  })),
  Ids: ids(),
});

const OFFERED_MAX = 50;

/** Ids of everything, by the key that names them, to be offered in forms. */
function ids() {
  /** @type {Map<string, Map<string | number, string>>} */
  const found = new Map();
  /** @param {any} value */
  const walk = (value) => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      if (/Id$/.test(key) && (typeof inner === "string" || typeof inner === "number")) {
        if (!found.has(key)) found.set(key, new Map());
        const offered = /** @type {Map<string | number, string>} */ (found.get(key));
        if (offered.size < OFFERED_MAX && !offered.has(inner)) offered.set(inner, String(value.InstanceName ?? value.Name ?? value.Action ?? ""));
      } else if (typeof inner === "object") walk(inner);
    }
  };
  state.Accounts.forEach((/** @type {any} */ account) => {
    for (const [key, inner] of Object.entries(account)) if (key !== "Ledger") walk(Array.isArray(inner) ? inner.slice(0, 200) : inner);
  });
  return Object.fromEntries(Array.from(found, ([key, values]) => [key, Array.from(values)]));
}

const RELATED_MAX = 100;

/** By which key the records that an instance names are named. @type {Record<string, string>} */
const NAMED_BY = { Vpcs: "VpcId", Subnets: "SubnetId", SecurityGroups: "SecurityGroupId", ParamTemplates: "TemplateId", RedisClusters: "RedisClusterId" };

/** One instance, and every record of its account that names it or is named by it. @param {number} appId @param {string} id */
function instance(appId, id) {
  const account = state.Accounts.find((/** @type {any} */ own) => own.AppId === appId);
  const own = account?.Instances?.find((/** @type {any} */ one) => one.InstanceId === id);
  if (!own) return null;
  const its = new Set([own.VpcId, own.SubnetId, own.TemplateId, own.RedisClusterId, ...(own.SecurityGroupIdList ?? [])].filter(Boolean));
  /** @type {Record<string, any[]>} */
  const related = {};
  for (const [key, records] of Object.entries(account)) {
    if (key === "Instances" || !Array.isArray(records)) continue;
    const named = records.filter((record) => names(record, id) || its.has(record[NAMED_BY[key]])).slice(-RELATED_MAX);
    if (named.length > 0) related[key] = named;
  }
  return { own, related };
}

/** @param {any} value @param {string} id @returns {boolean} */
const names = (value, id) =>
  value === id || (typeof value === "object" && value !== null && Object.values(value).some((inner) => names(inner, id)));

/** @param {number | null} appId */
const account = (appId) => state.Accounts.find((/** @type {any} */ own) => appId === null || own.AppId === appId);

/** @param {number | null} appId */
function ledger(appId) {
  const own = account(appId);
  return own && { AppId: own.AppId, Uin: own.Uin, Balance: own.Balance, Ledger: own.Ledger ?? [], PostpaidQuota: own.PostpaidQuota };
}

/** The replication groups of all accounts. */
const groups = () =>
  state.Accounts.flatMap((/** @type {any} */ own) => (own.ReplicationGroups ?? []).map((/** @type {any} */ group) => ({ AppId: own.AppId, ...group })));

/** @type {Record<string, (...asked: any[]) => unknown>} */
const ASKED = { instance, ledger, groups };

addEventListener("message", ({ data }) => {
  if (data.kind === "read") return void read(data.token).catch(() => postMessage({ kind: "failed", status: 0 }));
  postMessage({ kind: "answer", id: data.id, answer: ASKED[data.kind](...data.asked) });
});
