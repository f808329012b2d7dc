//! How an error quotes what was sent.

use std::borrow::Cow;

/// Most characters of a text that an error quotes.
const MOST: usize = 100;

/// The text, or its beginning where it is long.
pub(crate) fn quoted(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MOST) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(quoted("名"), "名");
        assert_eq!(quoted(&"a".repeat(MOST)), "a".repeat(MOST));
        assert_eq!(quoted(&"名".repeat(MOST + 1)), "名".repeat(MOST) + "…");
    }
}
