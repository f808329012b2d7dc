// The Redis nodes of an instance: where each stands, and which of a shard is its master.

/**
 * @typedef {object} Node
 * @property {number} shard from 0 on
 * @property {boolean} isMaster
 * @property {number} zoneId
 * @property {string} group its name; empty where it follows from the seed
 * @property {string} id the same
 */

/**
 * The nodes by shard, the master of each first. Where the state tells its groups, after a failover say, they are in the
 * order of NodeSet; else the first node is every shard's master.
 * @param {any} own an instance as a fixture shows it
 * @returns {Node[]}
 */
export function nodesOf(own) {
  const shards = own.RedisShardNum ?? 1;
  /** @type {any[]} */
  const groups = own.ReplicaGroups ?? [];
  const placed = own.NodeSet?.length > 0 ? own.NodeSet : Array.from({ length: groups.length || (own.RedisReplicasNum ?? 0) + 1 }, (_, at) => ({ NodeType: at === 0 ? 0 : 1, ZoneId: own.ZoneId }));
  /** @type {Node[]} */
  const nodes = [];
  for (let shard = 0; shard < shards; shard++) {
    const ofShard = placed.map((/** @type {any} */ place, /** @type {number} */ at) => {
      const stated = groups[at]?.RedisNodes?.[shard];
      return {
        shard,
        isMaster: stated ? stated.Role === "master" : place.NodeType === 0,
        zoneId: place.ZoneId ?? own.ZoneId,
        group: groups[at]?.GroupName ?? "",
        id: stated?.NodeId ?? "",
      };
    });
    nodes.push(...ofShard.sort((/** @type {Node} */ one, /** @type {Node} */ other) => Number(other.isMaster) - Number(one.isMaster)));
  }
  return nodes;
}
