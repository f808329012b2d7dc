//! What an instance asks of new passwords beyond the rule for all.

use crate::cloud::access::password::SYMBOLS;
use crate::cloud::access::record::PasswordPolicy;
use crate::cloud::instance::record::Instance;
use crate::cloud::refusal::Refusal;
use crate::cloud::state::{Call, Cloud};

impl PasswordPolicy {
    /// Whether it is one that can be had; what is not enabled can be anything.
    pub(crate) fn own_fault(&self) -> Result<(), Refusal> {
        let broken = |why| Err(Refusal::PolicyBreaksRules { why });
        let counts = [self.letters, self.digits, self.symbols];
        if self.enabled && counts.iter().any(|count| !(1..=16).contains(count)) {
            return broken("a policy asks for 1 to 16 of each kind of character");
        }
        if self.enabled && (!(8..=64).contains(&self.length) || self.length < counts.iter().sum()) {
            return broken("a policy's MinLength is 8 to 64, and not less than its counts together");
        }
        Ok(())
    }

    /// Whether the password keeps it.
    pub(crate) fn fault(&self, password: &str) -> Result<(), Refusal> {
        let has =
            |kind: fn(char) -> bool| i64::try_from(password.chars().filter(|c| kind(*c)).count()).unwrap_or(i64::MAX);
        let keeps = has(|c| c.is_ascii_alphabetic()) >= self.letters
            && has(|c| c.is_ascii_digit()) >= self.digits
            && has(|c| SYMBOLS.contains(c)) >= self.symbols
            && has(|_| true) >= self.length;
        if keeps || !self.enabled {
            return Ok(());
        }
        Err(Refusal::PasswordBreaksRules {
            why: "it keeps the password policy of its instance",
        })
    }
}

impl Instance {
    /// `PasswordPolicy`
    pub fn password_policy(&self) -> PasswordPolicy {
        self.own_password_policy
            .as_deref()
            .copied()
            .unwrap_or(PasswordPolicy::USUAL)
    }

    /// Sets it.
    pub fn set_password_policy(&mut self, policy: PasswordPolicy) {
        self.own_password_policy = (policy != PasswordPolicy::USUAL).then(|| Box::new(policy));
    }
}

/// Sets the policy of an instance, which new passwords have to keep from now on.
pub fn modify_policy(cloud: &mut Cloud, call: &Call, id: &str, policy: PasswordPolicy) -> Result<(), Refusal> {
    let instance = cloud.instance(call.region, id)?;
    policy.own_fault()?;
    instance.takes_settings()?;
    let id = instance.id.clone();
    cloud
        .instances
        .update(&id, |instance| instance.set_password_policy(policy));
    Ok(())
}
