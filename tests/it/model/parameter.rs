//! Parameters and templates, in a history.

use crs_local::cloud::parameter::modify;
use crs_local::cloud::parameter::template::{self, NewTemplate, TemplateChange};
use crs_local::cloud::{Call, FlowKind, Param, Refusal, advance};

use super::step::Pick;
use super::world::{Gave, World};

/// Values, of which some editions take each, and none the last two.
pub(super) const PARAMS: [(&str, &str); 8] = [
    ("timeout", "120"),
    ("maxmemory-policy", "allkeys-lru"),
    ("slave-lazy-flush", "no"),
    ("disable-command-list", "keys,eval"),
    ("timeout", "31536000"),
    ("auto-failback", "no"),
    ("hz", "501"),
    ("unknown", "1"),
];

fn params(what: u8) -> Vec<Param> {
    let (name, value) = PARAMS[usize::from(what % 8)];
    let (name, value) = (name.to_owned(), value.to_owned());
    vec![Param { name, value }]
}

impl World {
    pub(super) fn parameter(&mut self, call: &Call, pick: Pick, what: u8) -> Result<Gave, Refusal> {
        let id = self.ready(pick, FlowKind::Params);
        let cloud = &mut self.cloud;
        let own = cloud.param_templates.last().map(|own| own.id.to_string());
        let template_id = own.unwrap_or_else(|| "default-param-template-8".into());
        let type_id = cloud.instances.get(id.as_str()).map(|own| own.edition.type_id);
        self.log.push(format!("parameters {} of {id}", what / 8));
        match what / 8 % 8 {
            0..4 => modify::modify(cloud, call, &id, &params(what)).map(drop)?,
            4 => {
                let new = NewTemplate {
                    name: format!("template-{}", cloud.param_templates.len()),
                    type_id,
                    params: params(what),
                    ..NewTemplate::default()
                };
                template::create(cloud, &new).map(drop)?;
            }
            5 => {
                let change = TemplateChange {
                    params: params(what),
                    ..TemplateChange::default()
                };
                template::modify(cloud, &template_id, &change)?;
            }
            6 => template::apply(cloud, call, &[id], &template_id).map(drop)?,
            _ => template::delete(cloud, &template_id)?,
        }
        advance::finish_if_instant(cloud, call.now);
        Ok(Gave::Change)
    }
}
