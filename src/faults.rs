//! Fault rules: what only the inside of the real cloud or the way to it could cause (sold out, a payment that fails, an
//! answer that is lost, …), made to happen for a test.
//!
//! A [`rule`] says which calls it strikes and what they get; [`check`] what is wrong with one, [`matching`] whether it
//! strikes a call, and a [`verdict`] what it decides of that call. Here is where they are kept and counted.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cloud::ids::{COUNT_MAX, free_after};
use crate::contract::ErrorCode;

mod check;
mod matching;
mod rule;
mod verdict;

pub(crate) use check::{STATUSES, WrongKey};
pub(crate) use matching::FaultTarget;
pub(crate) use rule::{Delay, Fault, Match, Sequence, Then, When};
pub(crate) use verdict::{Cut, Verdict};

use matching::{Scope, is_reached, is_struck};

/// So many rules that still strike there may be.
pub(crate) const RULES_MOST: usize = 100_000;
/// So many of those that are spent are still listed, the latest.
const SPENT_SHOWN: usize = 100;

/// All rules.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// How many rules there are, so that a call without any to mind takes no lock.
    live: AtomicUsize,
    /// What is drawn for rules without a seed of their own follows from it.
    seed: u64,
    rules: Mutex<Rules>,
}

#[derive(Debug, Default)]
struct Rules {
    /// How often they have changed, their counts included.
    changes: u64,
    last_id: u64,
    /// Those that still strike, in the order of their ids: a call looks at those of its own action and family and at
    /// those for every call. In boxes, since a map of them has much room to spare.
    by_scope: HashMap<Scope, BTreeMap<u64, Box<Rule>>>,
    spent: VecDeque<Rule>,
}

/// The rules as a fixture holds them, each with its id, and the last id that was given.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Dumped {
    pub(crate) rules: Vec<Fault>,
    pub(crate) last_id: u64,
}

#[derive(Debug)]
struct Rule {
    id: u64,
    /// With what has been counted.
    fault: Fault,
    scope: Scope,
    code: Option<ErrorCode>,
}

impl Faults {
    /// No rules yet, of a world of that seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed,
            ..Self::default()
        }
    }

    /// Adds a rule; its id, which is the next unless the rule has one. `Err` says what is wrong with it.
    pub(crate) fn add(&self, fault: Fault) -> Result<u64, WrongKey> {
        let checked = fault.check().map_err(|mut wrong| wrong.swap_remove(0))?;
        let mut rules = self.change();
        if rules.len() >= RULES_MOST {
            let message = format!("there are {RULES_MOST} rules already, and no more are held; DELETE some first");
            return Err(("", message));
        }
        let id = match fault.id {
            Some(id) => id,
            None => {
                rules.last_id = free_after(rules.last_id, |id| rules.holds(id));
                rules.last_id
            }
        };
        let rule = Rule {
            id,
            fault: Fault { id: Some(id), ..fault },
            scope: checked.scope,
            code: checked.code,
        };
        rules.by_scope.entry(rule.scope).or_default().insert(id, Box::new(rule));
        self.count(&rules);
        Ok(id)
    }

    /// What the first rule that strikes this call decides of it, if one does. The rules before it have counted the
    /// call, those behind it have not.
    pub(crate) fn strike(&self, call: &impl FaultTarget) -> Option<Arc<Verdict>> {
        if self.is_idle() {
            return None;
        }
        // It may take its time, and is needed later anyway.
        call.read_ahead();
        let mut rules = self.lock();
        let (id, verdict) = rules.strike(call, self.seed)?;
        rules.spend_if_spent(id);
        self.count(&rules);
        Some(Arc::new(verdict))
    }

    /// The rules that still strike, and the latest of those that are spent, in the order they were made.
    pub(crate) fn list(&self) -> Vec<Fault> {
        let rules = self.lock();
        let mut list: Vec<_> = rules
            .live()
            .chain(&rules.spent)
            .map(|rule| rule.fault.clone())
            .collect();
        list.sort_unstable_by_key(|fault| fault.id);
        list
    }

    /// The rules that still strike, with what was counted, as a fixture holds them.
    pub(crate) fn dump(&self) -> Dumped {
        let rules = self.lock();
        let mut live: Vec<_> = rules.live().collect();
        live.sort_unstable_by_key(|rule| rule.id);
        Dumped {
            rules: live.into_iter().map(|rule| rule.fault.clone()).collect(),
            last_id: rules.last_id,
        }
    }

    /// Lets the ids to come go on from there.
    pub(crate) fn go_on_from(&self, last_id: u64) {
        let mut rules = self.lock();
        rules.last_id = last_id;
    }

    /// Removes one rule, if it is for this account, where one is given; whether it was there.
    pub(crate) fn remove(&self, id: u64, app_id: Option<u64>) -> bool {
        let mut rules = self.change();
        let removed = rules.remove(|rule| rule.id == id && rule.is_for(app_id));
        self.count(&rules);
        removed
    }

    /// Removes every rule, or every one for this account. Without any account ids start anew.
    pub(crate) fn clear(&self, app_id: Option<u64>) {
        let mut rules = self.change();
        if app_id.is_some() {
            rules.remove(|rule| rule.is_for(app_id));
        } else {
            let changes = rules.changes;
            *rules = Rules {
                changes,
                ..Rules::default()
            };
        }
        self.count(&rules);
    }

    /// How often the rules, or their counts, have changed.
    pub(crate) fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// Whether no rule can strike.
    pub(crate) fn is_idle(&self) -> bool {
        self.live.load(Ordering::Acquire) == 0
    }

    fn change(&self) -> MutexGuard<'_, Rules> {
        let mut rules = self.lock();
        rules.changes += 1;
        rules
    }

    fn count(&self, rules: &Rules) {
        self.live.store(rules.len(), Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, Rules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rules {
    /// How many still strike.
    fn len(&self) -> usize {
        self.by_scope.values().map(BTreeMap::len).sum()
    }

    fn holds(&self, id: u64) -> bool {
        self.by_scope.values().any(|rules| rules.contains_key(&id))
    }

    fn live(&self) -> impl Iterator<Item = &Rule> {
        self.by_scope.values().flat_map(BTreeMap::values).map(|rule| &**rule)
    }

    /// The first that strikes a call, by id, and what it decides; each that the call reaches counts it.
    fn strike(&mut self, call: &impl FaultTarget, seed: u64) -> Option<(u64, Verdict)> {
        let (name, family) = call.action().map_or(("", ""), |action| (action.name, action.family));
        let scopes = [Scope::Any, Scope::Family(family), Scope::Action(name)];
        let found = self.by_scope.get_disjoint_mut(scopes.each_ref()).into_iter().flatten();
        let mut lists: Vec<_> = found.map(|rules| rules.values_mut().peekable()).collect();
        loop {
            let firsts = lists.iter_mut().filter_map(|list| Some((list.peek()?.id, list)));
            let (id, list) = firsts.min_by_key(|(id, _)| *id)?;
            let rule = list.next()?;
            let matched = rule.fault.matched;
            let verdict = rule.strike(call, seed);
            self.changes += u64::from(rule.fault.matched != matched);
            if let Some(verdict) = verdict {
                return Some((id, verdict));
            }
        }
    }

    fn take(&mut self, id: u64) -> Option<Rule> {
        self.by_scope
            .values_mut()
            .find_map(|rules| rules.remove(&id))
            .map(|rule| *rule)
    }

    /// Removes those of which it holds; whether there were any.
    fn remove(&mut self, is_to_go: impl Fn(&Rule) -> bool) -> bool {
        let before = self.len() + self.spent.len();
        for rules in self.by_scope.values_mut() {
            rules.retain(|_, rule| !is_to_go(rule));
        }
        self.spent.retain(|rule| !is_to_go(rule));
        self.len() + self.spent.len() < before
    }

    /// Puts a rule to those that are spent, of which the oldest goes.
    fn spend_if_spent(&mut self, id: u64) {
        let of = |rules: &BTreeMap<u64, Box<Rule>>| rules.get(&id).is_some_and(|rule| rule.fault.is_spent());
        if !self.by_scope.values().any(of) {
            return;
        }
        let spent = self.take(id);
        self.spent.extend(spent);
        if self.spent.len() > SPENT_SHOWN {
            self.spent.pop_front();
        }
    }
}

impl Rule {
    /// Whether it is for that account alone; `None`: any will do.
    fn is_for(&self, app_id: Option<u64>) -> bool {
        app_id.is_none_or(|app_id| self.fault.matches.app_id == Some(app_id))
    }

    /// Counts a call that reaches it, and decides of it if it is to be struck.
    fn strike(&mut self, call: &impl FaultTarget, world_seed: u64) -> Option<Verdict> {
        if !is_reached(&self.fault, self.code, call) {
            return None;
        }
        let fault = &mut self.fault;
        let number = fault.matched.saturating_add(1).min(COUNT_MAX);
        fault.matched = number;
        // Rules without a seed of their own draw differently.
        let seed = fault.matches.seed.unwrap_or(world_seed.wrapping_add(self.id));
        if !is_struck(fault, number, seed) {
            return None;
        }
        fault.fired = fault.fired.saturating_add(1).min(COUNT_MAX);
        let rule = (self.id, &*fault, self.code);
        Some(Verdict::of(rule, call.action(), (number, seed)))
    }
}

#[cfg(test)]
mod tests;
