//! What instances and templates have of parameters, as plain data.

use std::collections::BTreeMap;

use crate::cloud::catalogue::edition::Edition;
use crate::cloud::ids::TemplateId;
use crate::cloud::parameter::catalogue::{Kind, Listed, RENAMED, default_of, find, of_edition};
use crate::cloud::time::Millis;

/// A parameter and a value of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Param {
    /// `Key`
    pub name: String,
    /// `Value`
    pub value: String,
}

/// Values that are not the default, by parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values(BTreeMap<String, String>);

impl Values {
    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = Param> {
        self.0.iter().map(|(name, value)| Param {
            name: name.clone(),
            value: value.clone(),
        })
    }

    /// The value of that parameter, if it is not the default.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Takes a value; the default is not kept.
    pub fn set(&mut self, param: &Param, default: &str) {
        if param.value == default {
            self.0.remove(&param.name);
        } else {
            self.0.insert(param.name.clone(), param.value.clone());
        }
    }

    /// What is left of them in another edition: what that knows under this name or its newer one, and takes.
    fn carried(&self, to: &Edition) -> Values {
        let mut carried = Values::default();
        for param in self.iter() {
            let name = name_in(to, &param.name).to_owned();
            let value = param.value;
            if let Some(known) = find(to, &name).filter(|known| known.kind.fault(&value).is_none()) {
                carried.set(&Param { name, value }, known.default);
            }
        }
        carried
    }
}

/// What a parameter is called in an edition.
pub(crate) fn name_in<'a>(edition: &Edition, name: &'a str) -> &'a str {
    let (older, newer) = RENAMED;
    if name == older && find(edition, older).is_none() {
        newer
    } else {
        name
    }
}

/// So many changes of an instance's parameters are told at most; then the oldest is forgotten.
pub const RECORDS_MOST: usize = 1_000;

/// What an instance has of parameters that is not as its edition has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    /// `InstanceParams`: values that are not the default.
    pub values: Values,
    /// `ParamRecords`: what was changed, oldest first.
    pub records: Vec<ParamRecord>,
    /// `ExtraParams`: parameters that the catalogue has not, with their defaults.
    pub extra: Vec<Param>,
    /// `MissingParams`: parameters of the catalogue that this instance has not.
    pub missing: Vec<String>,
}

impl Parameters {
    /// Tells of one more change.
    pub(crate) fn tell(&mut self, record: ParamRecord) {
        let beyond = (self.records.len() + 1).saturating_sub(RECORDS_MOST);
        self.records.drain(..beyond);
        self.records.push(record);
    }

    /// What is left of them when the instance becomes one of another edition.
    pub(crate) fn carried(&self, to: &Edition) -> Parameters {
        let extra: Vec<Param> = self
            .extra
            .iter()
            .filter(|own| find(to, &own.name).is_none())
            .cloned()
            .collect();
        let mut values = self.values.carried(to);
        for own in &extra {
            if let Some(value) = self.values.get(&own.name) {
                let (name, value) = (own.name.clone(), value.to_owned());
                values.set(&Param { name, value }, &own.value);
            }
        }
        let missing = self.missing.iter().map(|name| name_in(to, name));
        let missing = missing.filter(|name| find(to, name).is_some()).map(str::to_owned);
        Parameters {
            values,
            records: self.records.clone(),
            extra,
            missing: missing.collect(),
        }
    }

    /// The parameter of that name, if an instance of that edition has it: what it may be, and its default.
    pub fn known(&self, edition: &Edition, name: &str) -> Option<(Kind, String)> {
        if self.missing.iter().any(|own| own == name) {
            return None;
        }
        let catalogued = find(edition, name).map(|row| (row.kind, row.default.to_owned()));
        let extra = || self.extra.iter().find(|own| own.name == name);
        catalogued.or_else(|| extra().map(|own| (Kind::Any, own.value.clone())))
    }

    /// What is listed of an instance of that edition, by name.
    pub fn listed(&self, edition: &Edition, spans_zones: bool) -> Vec<ListedParam> {
        let shown = |listed| listed == Listed::Always || spans_zones;
        let catalogued = of_edition(edition)
            .filter(|row| shown(row.listed) && !self.missing.iter().any(|own| own == row.name))
            .map(|row| ListedParam {
                name: row.name.to_owned(),
                kind: row.kind,
                default: row.default.to_owned(),
                tip: row.tip,
            });
        let extra = self.extra.iter().map(|own| ListedParam {
            name: own.name.clone(),
            kind: Kind::Any,
            default: own.value.clone(),
            tip: "",
        });
        let mut all: Vec<ListedParam> = catalogued.chain(extra).collect();
        all.sort_by(|one, other| one.name.cmp(&other.name));
        all
    }
}

/// A parameter as it is listed, of an instance or of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedParam {
    pub name: String,
    pub kind: Kind,
    pub default: String,
    /// `Tips`
    pub tip: &'static str,
}

/// A change of a parameter: a row of DescribeInstanceParamRecords.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ParamRecord {
    /// `ParamName`
    pub name: String,
    /// `PreValue`
    pub before: String,
    /// `NewValue`
    pub after: String,
    /// Whether it failed.
    pub failed: bool,
    /// `ModifyTime`
    pub at: Millis,
}

/// A template of parameters. It exists in all regions of its account.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamTemplate {
    /// `TemplateId`
    pub id: TemplateId,
    /// `Name`
    pub name: String,
    /// `Description`
    pub description: String,
    /// `ProductType`
    pub edition: &'static Edition,
    /// Values that are not the default.
    pub values: Values,
}

impl ParamTemplate {
    /// The value that it has of a parameter.
    pub fn value<'a>(&'a self, name: &str) -> &'a str {
        self.values.get(name).unwrap_or_else(|| default_of(self.edition, name))
    }
}
