//! `crs-local actions`: what is implemented, and what brings the codes of an action about.

use crs_local::ACTIONS;
use crs_local::provoked::{Ways, codes_of, counts};

/// What is asked: the list of all, or every code of some.
pub(super) fn told(names: &[String]) -> Result<String, String> {
    let ways = Ways::known();
    if names.is_empty() {
        return Ok(list(ways));
    }
    let told = names.iter().map(|name| codes(ways, name));
    told.collect()
}

fn list(ways: &Ways) -> String {
    let mut families: Vec<&str> = ACTIONS.iter().map(|action| action.family).collect();
    families.sort_unstable();
    families.dedup();
    let mut text = format!(
        "all {} actions are implemented\n\
         beside each: how many of its codes a request brings about, one in a state that a fixture gives, and a fault \
         rule only;\n\
         crs-local actions NAME shows them\n",
        ACTIONS.len()
    );
    for family in families {
        text.push_str(&format!("\n{family}\n"));
        for action in ACTIONS.iter().filter(|action| action.family == family) {
            let codes = match action.codes {
                None => "codes unknown".to_owned(),
                Some(_) => counts(ways, action).map(|count| count.to_string()).join(" + "),
            };
            text.push_str(&format!("  {:42}  {codes}\n", action.name));
        }
    }
    text
}

fn codes(ways: &Ways, name: &str) -> Result<String, String> {
    let mut text = String::new();
    for action in ACTIONS.iter().filter(|action| action.name == name) {
        text.push_str(&format!("{name} ({} {})\n", action.service, action.version));
        if action.codes.is_none() {
            text.push_str("  the list of its codes is unknown\n");
        }
        for (code, way) in codes_of(ways, action) {
            text.push_str(&format!("  {code}\n      {}\n", way.line(action, code)));
        }
    }
    match text.is_empty() {
        false => Ok(text),
        true => Err(format!("`{name}` is no action; `crs-local actions` lists them")),
    }
}
