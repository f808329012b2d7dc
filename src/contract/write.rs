//! Answers written as JSON, straight into bytes.

/// A text of an answer: one that is always the same, or one made for it.
pub type Text = std::borrow::Cow<'static, str>;

/// Appends JSON to a buffer. Commas set themselves: a member or an item that does not stand first gets one.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    keeps_fractions: bool,
}

impl Writer {
    /// An empty one, with room for the usual answer.
    pub fn new() -> Self {
        Self {
            out: Vec::with_capacity(2048),
            keeps_fractions: false,
        }
    }

    /// Whether a whole double keeps its fraction (`4096.0`) or is written as an integer, which is the default.
    pub fn keep_fractions(&mut self, keep: bool) {
        self.keeps_fractions = keep;
    }

    /// What was written.
    pub fn as_bytes(&self) -> &[u8] {
        &self.out
    }

    /// What was written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Takes back all that was written since it held so many bytes.
    pub fn truncate(&mut self, len: usize) {
        self.out.truncate(len);
    }

    /// Appends text as it is: braces and names around what is written member by member.
    pub fn raw(&mut self, json: &str) {
        self.out.extend_from_slice(json.as_bytes());
    }

    /// A member of the open object. The name is plain ASCII, as all names of the contract are.
    pub fn member<T: Write + ?Sized>(&mut self, name: &'static str, value: &T) {
        if !matches!(self.out.last(), None | Some(b'{')) {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
        value.write(self);
    }

    /// An object, its members written by `members`.
    pub fn object(&mut self, members: impl FnOnce(&mut Self)) {
        self.out.push(b'{');
        members(self);
        self.out.push(b'}');
    }

    /// A list.
    pub fn list<T: Write>(&mut self, items: &[T]) {
        self.out.push(b'[');
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push(b',');
            }
            item.write(self);
        }
        self.out.push(b']');
    }

    fn text(&mut self, text: &str) {
        if text.bytes().any(|b| b < 0x20 || b == b'"' || b == b'\\') {
            return self.serialize(text);
        }
        self.out.push(b'"');
        self.out.extend_from_slice(text.as_bytes());
        self.out.push(b'"');
    }

    /// Through serde_json, which knows the escapes and writes numbers fast.
    fn serialize<T: serde::Serialize + ?Sized>(&mut self, value: &T) {
        let start = self.out.len();
        // Neither a scalar nor a Vec can fail; if they did, the answer would still be JSON.
        if serde_json::to_writer(&mut self.out, value).is_err() {
            self.out.truncate(start);
            self.raw("null");
        }
    }
}

/// A value of an answer.
pub trait Write {
    /// Appends it.
    fn write(&self, out: &mut Writer);
}

/// An object of an answer, or a whole answer. Implemented by generated code.
pub trait Members {
    /// Appends the members, without braces.
    fn members(&self, out: &mut Writer);
}

impl<T: Members> Write for T {
    fn write(&self, out: &mut Writer) {
        out.object(|out| self.members(out));
    }
}

impl Write for str {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl Write for String {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl Write for Text {
    fn write(&self, out: &mut Writer) {
        out.text(self);
    }
}

impl Write for bool {
    fn write(&self, out: &mut Writer) {
        out.raw(if *self { "true" } else { "false" });
    }
}

macro_rules! number {
    ($($ty:ty),*) => {$(
        impl Write for $ty {
            fn write(&self, out: &mut Writer) {
                out.serialize(self);
            }
        }
    )*};
}

number!(i64, u64);

/// Beyond this an i64 does not hold every whole double.
const WHOLE_MAX: f64 = 9.2e18;

/// One that is not finite has no JSON and is written as null.
impl Write for f64 {
    fn write(&self, out: &mut Writer) {
        if !out.keeps_fractions && self.fract() == 0.0 && self.abs() < WHOLE_MAX {
            out.serialize(&(*self as i64));
        } else {
            out.serialize(self);
        }
    }
}

impl<T: Write> Write for Option<T> {
    fn write(&self, out: &mut Writer) {
        match self {
            Some(value) => value.write(out),
            None => out.raw("null"),
        }
    }
}

impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut Writer) {
        out.list(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json<T: Write + ?Sized>(value: &T) -> String {
        let mut out = Writer::new();
        value.write(&mut out);
        String::from_utf8(out.into_bytes()).unwrap_or_else(|e| panic!("{e}"))
    }

    #[test]
    fn texts_are_escaped_where_json_demands_it_and_only_there() {
        assert_eq!(json("crs-5qlrlhux"), r#""crs-5qlrlhux""#);
        assert_eq!(json(""), r#""""#);
        assert_eq!(json("a\"b\\c\nd\u{1}"), r#""a\"b\\c\nd\u0001""#);
        assert_eq!(json("广州二区 é/"), "\"广州二区 é/\"");
    }

    #[test]
    fn numbers_are_written_as_their_type_says() {
        assert_eq!(json(&i64::MIN), "-9223372036854775808");
        assert_eq!(json(&u64::MAX), "18446744073709551615");
        assert_eq!(json(&0_i64), "0");
        assert_eq!(json(&4096.0), "4096");
        assert_eq!(json(&0.0), "0");
        assert_eq!(json(&-0.0), "0");
        assert_eq!(json(&-21.0), "-21");
        assert_eq!(json(&42.222224), "42.222224");
        assert_eq!(json(&9_007_199_254_740_992.0), "9007199254740992");
        assert_eq!(json(&1e300), "1e+300");
        assert_eq!(json(&0.1), "0.1");
        assert_eq!(json(&f64::NAN), "null");
        assert_eq!(json(&f64::INFINITY), "null");
    }

    #[test]
    fn a_whole_double_keeps_its_fraction_where_that_is_asked_for() {
        let mut out = Writer::new();
        out.keep_fractions(true);
        4096.0.write(&mut out);
        out.raw(" ");
        0.1.write(&mut out);
        assert_eq!(out.as_bytes(), b"4096.0 0.1");
    }

    struct Pair(Option<i64>, Vec<String>);

    impl Members for Pair {
        fn members(&self, out: &mut Writer) {
            out.member("A", &self.0);
            out.member("B", &self.1);
        }
    }

    #[test]
    fn commas_set_themselves() {
        assert_eq!(
            json(&vec![Pair(None, vec![]), Pair(Some(1), vec!["{".into(), "[".into()])]),
            r#"[{"A":null,"B":[]},{"A":1,"B":["{","["]}]"#
        );
        assert_eq!(json(&Vec::<Pair>::new()), "[]");
        let mut out = Writer::new();
        out.raw("{\"Response\":{");
        Pair(Some(2), vec![]).members(&mut out);
        out.member("RequestId", "r");
        out.raw("}}");
        assert_eq!(out.as_bytes(), br#"{"Response":{"A":2,"B":[],"RequestId":"r"}}"#);
    }
}
