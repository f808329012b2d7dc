//! Parameters as `k=v&k=v`: the query of a GET and the body of a form POST.
//!
//! Lists and objects are written with dots, as documented for API 3.0: `Zones.0=a`, `NodeSet.0.ZoneId=100003`.
//! [`decode`] reads the pairs, [`Common::split`] sets the common parameters apart, [`tree`] folds the rest into nested
//! values. Everything stays text here; the contract knows which leaf is a number.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use percent_encoding::percent_decode;

use crate::contract::Tree;

/// The deepest nesting taken: names in one dotted key. The contract never needs more than seven.
pub const DEPTH: usize = 32;

/// Why a form is refused. The code is `InvalidParameter` in every case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A part without `=`, or nothing at all where parameters must be.
    NoEquals,
    /// The key or its value is not UTF-8. Holds the key, with what is not UTF-8 replaced.
    NotUtf8(String),
    /// The key is given twice. What the real service makes of that is not documented; refusing it surprises least,
    /// since no known client sends it on purpose.
    Duplicate(String),
    /// The key nests deeper than [`DEPTH`].
    TooDeep(String),
    /// The name is both a value and a holder of values, or both a list and an object: `A=1&A.0=2`, `A.0=1&A.B=2`.
    Conflict(String),
    /// The list does not count 0, 1, 2… Holds its name.
    Gap(String),
}

impl fmt::Display for Fault {
    /// The message of the answer. The first is known from the real service (quoted in LunaTranslator#264); the others
    /// are our own words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NoEquals => f.write_str("Url key and value should be splited by `=`."),
            Fault::NotUtf8(key) => write!(f, "The parameter `{key}` is not valid UTF-8."),
            Fault::Duplicate(key) => write!(f, "The parameter `{key}` is given more than once."),
            Fault::TooDeep(key) => {
                write!(f, "The parameter `{}` nests deeper than {DEPTH} levels.", shown(key))
            }
            Fault::Conflict(key) => {
                write!(f, "The parameter `{key}` is given as values of different types.")
            }
            Fault::Gap(key) => {
                write!(f, "The indexes of the list `{key}` must count from 0 without gaps.")
            }
        }
    }
}

/// The beginning of a key that may be very long.
fn shown(key: &str) -> &str {
    let end = key.char_indices().nth(128).map_or(key.len(), |(at, _)| at);
    &key[..end]
}

/// A decoded pair: borrowed from the request where nothing was escaped.
pub type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

/// Reads `k=v&k=v`, decoding `+` and `%XX`. Order is kept; empty parts (`a=1&&b=2`, a final `&`) are skipped; a `%`
/// that starts no escape stands for itself. Nothing gives no pairs: a caller that must have some treats that as
/// [`Fault::NoEquals`].
///
/// # Errors
/// [`Fault::NoEquals`] or [`Fault::NotUtf8`].
pub fn decode(raw: &[u8]) -> Result<Vec<Pair<'_>>, Fault> {
    let mut pairs = Vec::new();
    for part in raw.split(|byte| *byte == b'&') {
        if part.is_empty() {
            continue;
        }
        let at = part.iter().position(|byte| *byte == b'=').ok_or(Fault::NoEquals)?;
        let key = unescape(&part[..at]).map_err(|bytes| lossy(&bytes))?;
        let value = unescape(&part[at + 1..]).map_err(|_| Fault::NotUtf8(key.to_string()))?;
        pairs.push((key, value));
    }
    Ok(pairs)
}

fn lossy(bytes: &[u8]) -> Fault {
    Fault::NotUtf8(String::from_utf8_lossy(bytes).into_owned())
}

/// Decodes one key or value. The error holds the decoded bytes.
fn unescape(raw: &[u8]) -> Result<Cow<'_, str>, Vec<u8>> {
    if !raw.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return std::str::from_utf8(raw).map(Cow::Borrowed).map_err(|_| raw.to_vec());
    }
    let spaced: Vec<u8> = raw
        .iter()
        .map(|byte| if *byte == b'+' { b' ' } else { *byte })
        .collect();
    let bytes: Vec<u8> = percent_decode(&spaced).collect();
    String::from_utf8(bytes)
        .map(Cow::Owned)
        .map_err(|error| error.into_bytes())
}

/// The common parameters of a request signed the older way, as documented for API 3.0. All are text; an absent one is
/// `None`, an empty one is `Some("")`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Common<'a> {
    pub action: Option<Cow<'a, str>>,
    pub version: Option<Cow<'a, str>>,
    pub region: Option<Cow<'a, str>>,
    /// Seconds since 1970-01-01T00:00:00Z, in decimal.
    pub timestamp: Option<Cow<'a, str>>,
    pub nonce: Option<Cow<'a, str>>,
    pub secret_id: Option<Cow<'a, str>>,
    pub signature: Option<Cow<'a, str>>,
    pub signature_method: Option<Cow<'a, str>>,
    pub token: Option<Cow<'a, str>>,
    pub language: Option<Cow<'a, str>>,
    pub request_client: Option<Cow<'a, str>>,
}

impl<'a> Common<'a> {
    /// Takes the common parameters out of `pairs` and leaves those of the action, in order. No action of the contract
    /// has a parameter of these names.
    ///
    /// # Errors
    /// [`Fault::Duplicate`] when a common parameter is given twice.
    pub fn split(pairs: Vec<Pair<'a>>) -> Result<(Common<'a>, Vec<Pair<'a>>), Fault> {
        let mut common = Common::default();
        let mut business = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            match common.place(&key) {
                None => business.push((key, value)),
                Some(place) => {
                    if place.replace(value).is_some() {
                        return Err(Fault::Duplicate(key.into_owned()));
                    }
                }
            }
        }
        Ok((common, business))
    }

    fn place(&mut self, key: &str) -> Option<&mut Option<Cow<'a, str>>> {
        Some(match key {
            "Action" => &mut self.action,
            "Version" => &mut self.version,
            "Region" => &mut self.region,
            "Timestamp" => &mut self.timestamp,
            "Nonce" => &mut self.nonce,
            "SecretId" => &mut self.secret_id,
            "Signature" => &mut self.signature,
            "SignatureMethod" => &mut self.signature_method,
            "Token" => &mut self.token,
            "Language" => &mut self.language,
            "RequestClient" => &mut self.request_client,
            _ => return None,
        })
    }
}

/// Folds pairs into an object. A name whose members are `0`, `1`, `2`… is a list, any other an object; members keep the
/// order in which they first appeared.
///
/// An index is never believed: memory used is in proportion to what was sent.
///
/// # Errors
/// [`Fault::Duplicate`], [`Fault::TooDeep`], [`Fault::Conflict`] or [`Fault::Gap`].
pub fn tree(pairs: Vec<Pair<'_>>) -> Result<Tree, Fault> {
    let mut root = Branch::default();
    for (key, value) in &pairs {
        root.insert(key, value)?;
    }
    root.into_object("")
}

/// A node while the pairs are read.
enum Node<'a> {
    Leaf(&'a str),
    Branch(Branch<'a>),
}

/// Members by name, each with the place at which it first appeared.
#[derive(Default)]
struct Branch<'a>(BTreeMap<&'a str, (usize, Node<'a>)>);

impl<'a> Branch<'a> {
    fn insert(&mut self, key: &'a str, value: &'a str) -> Result<(), Fault> {
        let mut branch = self;
        let mut rest = key;
        for _ in 0..DEPTH {
            let place = branch.0.len();
            let Some((name, deeper)) = rest.split_once('.') else {
                return match branch.0.insert(rest, (place, Node::Leaf(value))) {
                    None => Ok(()),
                    Some((_, Node::Leaf(_))) => Err(Fault::Duplicate(key.to_owned())),
                    Some((_, Node::Branch(_))) => Err(Fault::Conflict(key.to_owned())),
                };
            };
            let new = || (place, Node::Branch(Branch::default()));
            match &mut branch.0.entry(name).or_insert_with(new).1 {
                Node::Branch(next) => branch = next,
                Node::Leaf(_) => {
                    let until = key.len() - deeper.len() - 1;
                    return Err(Fault::Conflict(key[..until].to_owned()));
                }
            }
            rest = deeper;
        }
        Err(Fault::TooDeep(key.to_owned()))
    }

    /// `path` is the branch's own, for faults.
    fn into_object(self, path: &str) -> Result<Tree, Fault> {
        let mut members: Vec<(&str, (usize, Node<'_>))> = self.0.into_iter().collect();
        members.sort_by_key(|(_, (place, _))| *place);
        let members = members.into_iter().map(|(name, (_, node))| {
            let value = node.into_tree(&join(path, name))?;
            Ok((name.to_owned(), value))
        });
        Ok(Tree::Object(members.collect::<Result<_, _>>()?))
    }

    fn into_list(self, path: &str) -> Result<Tree, Fault> {
        let mut items: Vec<(usize, &str, Node<'_>)> = Vec::with_capacity(self.0.len());
        for (name, (_, node)) in self.0 {
            let index = index(name).ok_or_else(|| Fault::Conflict(path.to_owned()))?;
            items.push((index, name, node));
        }
        items.sort_by_key(|(index, ..)| *index);
        let items = items.into_iter().enumerate().map(|(at, (index, name, node))| {
            if index != at {
                return Err(Fault::Gap(path.to_owned()));
            }
            node.into_tree(&join(path, name))
        });
        Ok(Tree::List(items.collect::<Result<_, _>>()?))
    }
}

impl Node<'_> {
    fn into_tree(self, path: &str) -> Result<Tree, Fault> {
        match self {
            Node::Leaf(value) => Ok(Tree::String(value.to_owned())),
            Node::Branch(branch) if branch.0.keys().any(|name| index(name).is_some()) => branch.into_list(path),
            Node::Branch(branch) => branch.into_object(path),
        }
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// The number that a name is as an index: plain decimal, no sign, no leading zeros.
fn index(name: &str) -> Option<usize> {
    let plain = !name.is_empty()
        && name.bytes().all(|byte| byte.is_ascii_digit())
        && (name.len() == 1 || !name.starts_with('0'));
    // A number beyond usize is an index all the same, one that leaves a gap.
    plain.then(|| name.parse().unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str) -> Result<Tree, Fault> {
        tree(decode(raw.as_bytes())?)
    }

    fn text(value: &str) -> Tree {
        Tree::String(value.to_owned())
    }

    fn object(members: &[(&str, Tree)]) -> Tree {
        Tree::Object(members.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
    }

    #[test]
    fn pairs_are_decoded_in_order() {
        let pairs = decode(b"B=a+b%26%2B%3d&A=%E6%B5%8B%E8%AF%95&C=&D=a=b&E=100%&F=%zz").unwrap();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(k, v)| (&**k, &**v)).collect();
        assert_eq!(
            pairs,
            [
                ("B", "a b&+="),
                ("A", "测试"),
                ("C", ""),
                ("D", "a=b"),
                ("E", "100%"),
                ("F", "%zz")
            ]
        );
    }

    #[test]
    fn a_part_without_equals_is_refused_and_empty_parts_are_not() {
        assert_eq!(decode(b"a=1&b"), Err(Fault::NoEquals));
        assert_eq!(decode(b"{}"), Err(Fault::NoEquals));
        assert_eq!(decode(b""), Ok(Vec::new()));
        assert_eq!(decode(b"&&a=1&").unwrap().len(), 1);
        assert_eq!(
            Fault::NoEquals.to_string(),
            "Url key and value should be splited by `=`."
        );
    }

    #[test]
    fn what_is_not_utf8_is_refused_by_name() {
        assert_eq!(decode(b"A.0=%ff"), Err(Fault::NotUtf8("A.0".into())));
        assert_eq!(decode(b"A=\xe6\xb5"), Err(Fault::NotUtf8("A".into())));
        assert_eq!(decode(b"%ffA=1"), Err(Fault::NotUtf8("\u{fffd}A".into())));
    }

    #[test]
    fn dots_fold_into_lists_and_objects() {
        let tree = parsed("Name=x&NodeSet.1.ZoneId=2&NodeSet.0.ZoneId=1&NodeSet.0.Deep.A.0=y");
        let first = object(&[
            ("ZoneId", text("1")),
            ("Deep", object(&[("A", Tree::List(vec![text("y")]))])),
        ]);
        let second = object(&[("ZoneId", text("2"))]);
        let nodes = Tree::List(vec![first, second]);
        assert_eq!(tree, Ok(object(&[("Name", text("x")), ("NodeSet", nodes)])));
    }

    #[test]
    fn eleven_items_keep_the_order_of_their_indexes() {
        let raw: Vec<String> = (0..11).rev().map(|n| format!("L.{n}=v{n}")).collect();
        let list = (0..11).map(|n| text(&format!("v{n}"))).collect();
        assert_eq!(parsed(&raw.join("&")), Ok(object(&[("L", Tree::List(list))])));
    }

    #[test]
    fn members_keep_the_order_sent() {
        let expected = object(&[("b", text("1")), ("a", text("2")), ("c", text("3"))]);
        assert_eq!(parsed("b=1&a=2&c=3"), Ok(expected));
    }

    #[test]
    fn contradictions_are_refused() {
        assert_eq!(parsed("A=1&A.0=2"), Err(Fault::Conflict("A".into())));
        assert_eq!(parsed("A.0=2&A=1"), Err(Fault::Conflict("A".into())));
        assert_eq!(parsed("A.0=1&A.B=2"), Err(Fault::Conflict("A".into())));
        assert_eq!(parsed("X.A.0=1&X.A.0.B=2"), Err(Fault::Conflict("X.A.0".into())));
        assert_eq!(parsed("A=1&A=1"), Err(Fault::Duplicate("A".into())));
        assert_eq!(parsed("A.0=1&A.0=2"), Err(Fault::Duplicate("A.0".into())));
    }

    #[test]
    fn lists_must_count_from_zero() {
        for raw in ["A.1=x", "A.0=x&A.2=y", "A.4294967295=x", "A.99999999999999999999999=x"] {
            assert_eq!(parsed(raw), Err(Fault::Gap("A".into())), "{raw}");
        }
        // Not an index at all: an object with a member of that name, for the contract to refuse.
        assert_eq!(parsed("A.01=x"), Ok(object(&[("A", object(&[("01", text("x"))]))])));
        assert_eq!(parsed("A.-1=x"), Ok(object(&[("A", object(&[("-1", text("x"))]))])));
    }

    #[test]
    fn depth_is_bounded() {
        let deepest = format!("{}a=1", "a.".repeat(DEPTH - 1));
        assert!(parsed(&deepest).is_ok());
        let deeper = format!("{}a", "a.".repeat(DEPTH));
        assert_eq!(parsed(&format!("{deeper}=1")), Err(Fault::TooDeep(deeper)));
        let endless = format!("{}=1", "a.".repeat(500_000));
        let Err(fault @ Fault::TooDeep(_)) = parsed(&endless) else {
            panic!("accepted")
        };
        assert!(fault.to_string().len() < 300);
    }

    #[test]
    fn empty_names_are_names() {
        assert_eq!(parsed("=1"), Ok(object(&[("", text("1"))])));
        assert_eq!(parsed("A..B=1").unwrap(), {
            object(&[("A", object(&[("", object(&[("B", text("1"))]))]))])
        });
    }

    #[test]
    fn common_parameters_are_set_apart() {
        let raw = b"Action=DescribeInstances&Version=2018-04-12&Region=&Nonce=1&Limit=5\
            &Timestamp=1&SecretId=a&Signature=b&SignatureMethod=HmacSHA256&Token=t&Language=zh-CN\
            &RequestClient=c&Offset=0";
        let (common, business) = Common::split(decode(raw).unwrap()).unwrap();
        assert_eq!(common.action.as_deref(), Some("DescribeInstances"));
        assert_eq!(common.region.as_deref(), Some(""));
        assert_eq!(common.signature_method.as_deref(), Some("HmacSHA256"));
        assert_eq!(common.request_client.as_deref(), Some("c"));
        let names: Vec<&str> = business.iter().map(|(key, _)| &**key).collect();
        assert_eq!(names, ["Limit", "Offset"]);
        let twice = decode(b"Action=a&Action=a").unwrap();
        assert_eq!(Common::split(twice), Err(Fault::Duplicate("Action".into())));
    }
}
