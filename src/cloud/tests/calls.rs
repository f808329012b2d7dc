//! The rooms' functions as the shell calls them: what a write has begun ends before the answer where the pace is
//! instant.

use super::cloud::access::password::{self, NewPassword};
use super::cloud::change::version::{self, SmallUpgrade, VersionUpgrade};
use super::cloud::change::zones::{self, Relocation};
use super::cloud::change::{resize, window};
use super::cloud::instance::{listing, modify};
use super::cloud::life::{look, recycle};
use super::cloud::money::charge::{self, Renewal};
use super::cloud::order::record::Ordered;
use super::cloud::order::{clone, create};
use super::cloud::{
    Billing, Call, CloneOrder, Cloud, DealId, Filter, Flow, Instance, Millis, Modification, Order, Page, Price,
    Refusal, TaskId, Upgrade, advance,
};

type Or<T> = Result<T, Refusal>;
type NotTurned = Vec<(String, String)>;

/// Declares writes of a call and what carries them out.
macro_rules! calls {
    (
        writes { $($write:ident($($name:ident: $type:ty),*) -> $gives:ty = $does:path;)* }
        plain { $($plain:ident(&mut self $(, $pname:ident: $ptype:ty)*) $(-> $pgives:ty)? = $pdoes:path;)* }
    ) => {
        pub(crate) trait Calls {
            $(fn $write(&mut self, call: &Call, $($name: $type),*) -> Or<$gives>;)*
            $(fn $plain(&mut self, $($pname: $ptype),*) $(-> $pgives)?;)*
        }

        impl Calls for Cloud {
            $(fn $write(&mut self, call: &Call, $($name: $type),*) -> Or<$gives> {
                let done = $does(self, call, $($name),*);
                if done.is_ok() {
                    advance::finish_if_instant(self, call.now);
                }
                done
            })*
            $(fn $plain(&mut self, $($pname: $ptype),*) $(-> $pgives)? {
                $pdoes(self, $($pname),*)
            })*
        }
    };
}

calls! {
    writes {
        create(order: &Order) -> Option<Ordered> = create::create;
        clone_instances(order: &CloneOrder) -> Ordered = clone::clone_instances;
        upgrade(asked: &Upgrade) -> DealId = resize::upgrade;
        upgrade_version(asked: &VersionUpgrade) -> DealId = version::upgrade_version;
        upgrade_product_version(id: &str, target: &str, option: i64) -> DealId = version::upgrade_product_version;
        upgrade_kernel(asked: &SmallUpgrade) -> TaskId = version::upgrade_kernel;
        upgrade_proxy(asked: &SmallUpgrade) -> TaskId = version::upgrade_proxy;
        enable_zones(id: &str, newest: bool) -> TaskId = zones::enable_zones;
        relocate(asked: &Relocation) -> TaskId = zones::relocate;
        switch_now(id: &str) -> () = window::switch_now;
        reset_password(id: &str, asked: &NewPassword<'_>) -> TaskId = password::reset_password;
        destroy_postpaid(id: &str) -> TaskId = recycle::destroy_postpaid;
        destroy_prepaid(id: &str) -> DealId = recycle::destroy_prepaid;
        start_up(id: &str) -> TaskId = recycle::start_up;
        clean_up(id: &str) -> TaskId = recycle::clean_up;
        renew(asked: &Renewal) -> DealId = charge::renew;
        change_charge_type(ids: &[String], to: Billing, months: u64) -> NotTurned = charge::change_charge_type;
        modify(all: &[(String, Modification)]) -> () = modify::modify;
    }
    plain {
        advance(&mut self, now: Millis) = advance::advance;
        step(&mut self, id: TaskId, now: Millis) -> Option<Vec<Flow>> = advance::step;
        drain(&mut self, now: Millis) -> Vec<Flow> = advance::drain;
        fail(&mut self, id: TaskId, now: Millis, message: &str) -> Option<Flow> = advance::fail;
        show(&mut self, id: &str) = look::show;
    }
}

/// What reads the cloud.
pub(crate) trait Reads {
    fn next_due(&self) -> Option<Millis>;
    fn quote_create(&self, call: &Call, order: &Order) -> Or<Price>;
    fn quote_upgrade(&self, call: &Call, asked: &Upgrade) -> Or<Price>;
    fn quote_renewal(&self, call: &Call, asked: &Renewal) -> Or<Price>;
    fn find_instances(&self, call: &Call, filter: &Filter, page: &Page) -> (usize, Vec<&Instance>);
}

impl Reads for Cloud {
    fn next_due(&self) -> Option<Millis> {
        advance::next_due(self)
    }

    fn quote_create(&self, call: &Call, order: &Order) -> Or<Price> {
        create::quote_create(self, call, order)
    }

    fn quote_upgrade(&self, call: &Call, asked: &Upgrade) -> Or<Price> {
        resize::quote_upgrade(self, call, asked)
    }

    fn quote_renewal(&self, call: &Call, asked: &Renewal) -> Or<Price> {
        charge::quote_renewal(self, call, asked)
    }

    fn find_instances(&self, call: &Call, filter: &Filter, page: &Page) -> (usize, Vec<&Instance>) {
        listing::find_instances(self, call, filter, page)
    }
}
