//! Text with the wildcards `*` (any run) and `?` (any one character).

/// A pattern. Matching takes time in proportion to pattern times text and never more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern(Box<str>);

impl Pattern {
    pub(super) fn new(text: &str) -> Self {
        Pattern(text.into())
    }

    /// The pattern that every text matches.
    pub(super) fn any() -> Self {
        Pattern::new("*")
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.matches_joined("", text)
    }

    /// Whether `head` and `tail` joined match.
    pub(super) fn matches_joined(&self, head: &str, tail: &str) -> bool {
        let mut pattern = self.0.chars();
        let mut text = head.chars().chain(tail.chars());
        // Where to go on when a run turns out too short: after the last `*`, one further in.
        let mut retry: Option<(std::str::Chars<'_>, _)> = None;
        loop {
            let here = text.clone();
            match (pattern.next(), text.next()) {
                (Some('*'), _) => {
                    text = here;
                    retry = Some((pattern.clone(), text.clone()));
                }
                (Some('?'), Some(_)) => {}
                (Some(wanted), Some(found)) if wanted == found => {}
                (None, None) => return true,
                _ => {
                    let Some((after, start)) = &mut retry else {
                        return false;
                    };
                    if start.next().is_none() {
                        return false;
                    }
                    pattern = after.clone();
                    text = start.clone();
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_match_as_written() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "anything", true),
            ("Describe*", "DescribeInstances", true),
            ("Describe*", "Describe", true),
            ("Describe*", "describeInstances", false),
            ("*Instances", "DescribeInstances", true),
            ("*Instances", "DescribeInstancesX", false),
            ("D*s*s", "DescribeInstances", true),
            ("D*x*s", "DescribeInstances", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a?c", "a测c", true),
            ("?", "", false),
            ("**", "", true),
            ("*?", "a", true),
            ("*?", "", false),
            ("a*b*c", "aXbXbc", true),
            ("*", "*", true),
            ("instance/*", "*", false),
        ] {
            assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern} {text}");
        }
        assert!(Pattern::new("instance/crs-*").matches_joined("instance/", "crs-1"));
        assert!(Pattern::new("ins?*/*-1").matches_joined("instance/", "crs-1"));
    }

    #[test]
    fn many_stars_end_soon() {
        let pattern = Pattern::new(&"*a".repeat(200));
        assert!(!pattern.matches(&"ab".repeat(150)));
        assert!(pattern.matches(&"ab".repeat(199).replace('b', "ba")));
    }
}
