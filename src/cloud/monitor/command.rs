//! Which commands read and which write, as the guide to the metrics sorts them.

/// What a command is to the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Read,
    Write,
    Other,
}

/// Documented (239/30913 and 248/49729), where families of commands are named some of whose members are ours.
#[rustfmt::skip]
const READS: &[&str] = &[
    "get", "mget", "strlen", "exists", "getrange", "getbit", "bitcount", "bitpos", "bitfield_ro",
    "lindex", "llen", "lrange", "lpos",
    "smembers", "sismember", "smismember", "scard", "srandmember", "sinter", "sintercard", "sunion", "sdiff",
    "zscore", "zmscore", "zrange", "zrangebyscore", "zrangebylex", "zrevrange", "zrevrangebyscore", "zrevrangebylex",
    "zrank", "zrevrank", "zcard", "zcount", "zlexcount", "zrandmember", "zinter", "zintercard", "zunion", "zdiff",
    "hget", "hmget", "hgetall", "hkeys", "hvals", "hlen", "hexists", "hstrlen", "hrandfield",
    "scan", "sscan", "hscan", "zscan", "keys", "dbsize", "type", "ttl", "pttl", "touch", "dump", "object", "memory",
    "geodist", "geohash", "geopos", "geosearch", "georadius_ro", "georadiusbymember_ro", "pfcount",
];

/// As [`READS`].
#[rustfmt::skip]
const WRITES: &[&str] = &[
    "set", "mset", "msetnx", "setnx", "setex", "psetex", "setrange", "setbit", "getset", "getdel", "getex", "append",
    "bitfield", "del", "unlink", "incr", "incrby", "incrbyfloat", "decr", "decrby",
    "lpush", "lpushx", "rpush", "rpushx", "lpop", "rpop", "blpop", "brpop", "lmove", "blmove", "lmpop", "blmpop",
    "rpoplpush", "brpoplpush", "linsert", "lset", "lrem", "ltrim",
    "sadd", "srem", "spop", "smove", "sinterstore", "sunionstore", "sdiffstore",
    "zadd", "zincrby", "zrem", "zremrangebyrank", "zremrangebyscore", "zremrangebylex", "zpopmin", "zpopmax",
    "bzpopmin", "bzpopmax", "zmpop", "bzmpop", "zinterstore", "zunionstore", "zdiffstore", "zrangestore",
    "hset", "hsetnx", "hmset", "hincrby", "hincrbyfloat", "hdel",
    "expire", "pexpire", "expireat", "pexpireat", "persist", "rename", "renamenx", "sort", "restore", "migrate",
    "bitop", "geoadd", "georadius", "georadiusbymember", "geosearchstore", "pfadd", "pfmerge", "flushdb", "flushall",
];

/// The class of a command, by its word in small letters.
pub fn class(word: &str) -> Class {
    if READS.contains(&word) {
        Class::Read
    } else if WRITES.contains(&word) {
        Class::Write
    } else {
        Class::Other
    }
}
