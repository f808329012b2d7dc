//! The rule on passwords, which several actions share.

use super::edition::{Edition, Engine};
use super::refusal::Refusal;

const SYMBOLS: &str = "()`~!@#$%^&*-+=_|{}[]:;<>,.?/";

/// The documented rule on passwords: 8 to 64 characters, two kinds of them, no slash in front; for CKV 8 to 30,
/// letters and digits, both and nothing else.
pub(crate) fn password_fault(edition: &Edition, password: &str) -> Result<(), Refusal> {
    let broken = |why| Err(Refusal::PasswordBreaksRules { why });
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    if edition.engine == Engine::Ckv {
        let fits = (8..=30).contains(&password.len())
            && password.chars().all(|c| c.is_ascii_alphanumeric())
            && has(|c| c.is_ascii_digit())
            && has(|c| c.is_ascii_alphabetic());
        return if fits {
            Ok(())
        } else {
            broken("CKV takes 8 to 30 letters and digits, some of each")
        };
    }
    let kinds: [fn(char) -> bool; 4] = [
        |c| c.is_ascii_lowercase(),
        |c| c.is_ascii_uppercase(),
        |c| c.is_ascii_digit(),
        |c| SYMBOLS.contains(c),
    ];
    if !(8..=64).contains(&password.len()) {
        return broken("it is 8 to 64 characters long");
    }
    if password.starts_with('/') {
        return broken("it does not begin with a slash");
    }
    if !password.chars().all(|c| kinds.iter().any(|kind| kind(c))) {
        return broken("it holds only letters, digits and ()`~!@#$%^&*-+=_|{}[]:;<>,.?/");
    }
    if kinds.iter().filter(|kind| has(**kind)).count() < 2 {
        return broken("it holds two of lower case, upper case, digits and symbols");
    }
    Ok(())
}
