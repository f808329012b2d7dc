//! What must hold after every step.

use super::calls::Reads;
use std::collections::{BTreeMap, BTreeSet};

use crs_local::cloud::advance;
use crs_local::cloud::catalogue::price;
use crs_local::cloud::money::book;
use crs_local::cloud::time::{DAY, END, MINUTE, after};
use crs_local::cloud::{
    AutoRenew, Billing, Cloud, Deal, DealId, DealStatus, Entry, EntryKind, Event, EventState, Flow, FlowKind, Instance,
    InstanceId, Millis, Payload, Payment, Price, Role, Status, TaskId, TaskResult,
};

use super::world::{World, ensure};

type Holds = Result<(), String>;

pub(super) fn all(world: &World) -> Holds {
    money(world)?;
    refunds(world)?;
    of_cloud(&world.cloud, world.now)?;
    // A fixture may state a log on its way without the flow that ends it, and a group whose link is broken.
    super::replication::groups(&world.cloud)?;
    for instance in world.cloud.instances.values() {
        in_its_bin(&world.cloud, instance).map_err(|fault| format!("{}: {fault}", instance.id))?;
        super::log::logs(&world.cloud, instance).map_err(|fault| format!("{}: {fault}", instance.id))?;
    }
    super::lists::all(&world.cloud)
}

/// What holds of a cloud whatever is known of its past.
pub(crate) fn of_cloud(cloud: &Cloud, now: Millis) -> Holds {
    flows(cloud)?;
    for instance in cloud.instances.values() {
        let holds = one(cloud, instance)
            .and_then(|()| super::access::accounts(instance))
            .and_then(|()| super::topology::nodes(cloud, instance, now))
            .and_then(|()| super::monitor::agrees(instance, now));
        holds.map_err(|fault| format!("{}: {fault}", instance.id))?;
    }
    for job in &cloud.dts_jobs {
        let ends = [&job.source, &job.target].map(|id| cloud.instances.get(id).is_some());
        ensure!(ends == [true; 2], "the migration {} has lost an end", job.id);
    }
    orders_and_tasks(cloud)?;
    due(cloud, now)
}

/// What an hour of an instance costs.
pub(super) fn hour_fen(of: &Instance) -> i64 {
    price::hour(of.region, of.edition, &of.spec).fen()
}

/// What a prepaid instance is still worth.
pub(super) fn worth(of: &Instance, now: Millis) -> Price {
    let month = price::month(of.region, of.edition, &of.spec);
    let worth = |end| month.for_time(now, end);
    of.deadline_at().map_or(Price::default(), worth)
}

/// The money of an order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) paid_fen: i64,
    pub(super) frozen_fen: i64,
}

impl Taken {
    pub(super) fn by(cloud: &Cloud, deal_id: &str) -> Taken {
        let mut taken = Taken {
            paid_fen: 0,
            frozen_fen: 0,
        };
        let own = |entry: &&Entry| entry.deal_id.as_deref() == Some(deal_id);
        for entry in cloud.ledger.iter().filter(own) {
            match entry.kind {
                EntryKind::Payment | EntryKind::Refund => taken.paid_fen -= entry.amount_fen,
                EntryKind::Freeze | EntryKind::Unfreeze => taken.frozen_fen -= entry.amount_fen,
                EntryKind::Charge | EntryKind::Adjustment | EntryKind::Opening => {}
            }
        }
        taken
    }
}

/// The balance is what the ledger says, and what is frozen is what instances hold.
fn money(world: &World) -> Holds {
    let (cloud, opening) = (&world.cloud, &world.opening);
    let mut balance_fen = opening.balance_fen;
    let mut frozen_fen = 0;
    for entry in cloud.ledger.iter() {
        balance_fen += entry.amount_fen;
        ensure!(
            entry.balance_fen == balance_fen,
            "the balance in {entry:?} is {balance_fen}"
        );
        ensure!(
            entry.hours.is_some_and(|hours| hours > 0) == (entry.kind == EntryKind::Charge),
            "the hours of {entry:?}"
        );
        let gains = matches!(entry.kind, EntryKind::Refund | EntryKind::Unfreeze);
        ensure!(gains == (entry.amount_fen > 0), "the sign of {entry:?}");
        if matches!(entry.kind, EntryKind::Freeze | EntryKind::Unfreeze) {
            frozen_fen -= entry.amount_fen;
        }
    }
    let account = &cloud.account;
    ensure!(account.balance_fen == balance_fen, "the balance is not {balance_fen}");
    ensure!(
        account.arrears_since.is_some() == (book::balance_fen(cloud, world.now) < 0),
        "arrears are not noted"
    );
    let held_fen: i64 = cloud.instances.values().map(Instance::held_fen).sum();
    let held_fen = held_fen - opening.held_fen;
    ensure!(
        held_fen == frozen_fen,
        "{held_fen} more is held, but {frozen_fen} frozen"
    );
    Ok(())
}

/// What an order's price is to one of its instances.
fn share(deal: &Deal, fen: i64, id: &str) -> i64 {
    let of = i64::try_from(deal.instance_ids.len()).expect("few");
    let at = deal.instance_ids.iter().position(|other| other == id);
    at.map_or(0, |at| {
        let at = i64::try_from(at).expect("few");
        (fen * (at + 1)).div_euclid(of) - (fen * at).div_euclid(of)
    })
}

/// Nothing that is prepaid gives back more than was paid for it, and what has failed has given back all, once. Each
/// order is rounded to the nearest fen, so each may be half a fen off.
fn refunds(world: &World) -> Holds {
    let cloud = &world.cloud;
    let mut paid_fen: BTreeMap<&str, i64> = BTreeMap::new();
    for (id, worth_fen) in &world.opening.worth_fen {
        paid_fen.insert(id, *worth_fen);
    }
    let mut of_failed: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    for (deal_id, id) in &world.failed {
        of_failed.insert((deal_id, id), 0);
    }
    let mut orders: BTreeSet<(&str, &str)> = BTreeSet::new();
    for entry in cloud.ledger.iter() {
        let Some(deal_id) = entry.deal_id.as_deref() else {
            continue;
        };
        let pays = matches!(entry.kind, EntryKind::Payment | EntryKind::Refund);
        for (id, fen) in fallen(world, entry, deal_id) {
            orders.insert((deal_id, id));
            if pays {
                *paid_fen.entry(id).or_default() += fen;
            }
            if let Some(sum_fen) = of_failed.get_mut(&(deal_id, id)) {
                *sum_fen += fen;
            }
        }
    }
    for (id, paid_fen) in paid_fen {
        let of_it = orders.iter().filter(|(_, other)| *other == id).count();
        let rounded_fen = i64::try_from(of_it / 2).expect("few");
        ensure!(
            paid_fen >= -rounded_fen,
            "{id} has given back {} more than was paid",
            -paid_fen
        );
    }
    for ((deal_id, id), sum_fen) in of_failed {
        ensure!(sum_fen == 0, "the failed order {deal_id} for {id} keeps {sum_fen}");
    }
    Ok(())
}

/// What a movement of an order takes for each of its instances. An order of one instance says which; orders of several
/// are told by the order, which may be gone by now.
fn fallen<'a>(world: &'a World, entry: &'a Entry, deal_id: &str) -> Vec<(&'a str, i64)> {
    let taken_fen = -entry.amount_fen;
    match (&entry.instance_id, world.orders.get(deal_id)) {
        (Some(only), _) => vec![(only, taken_fen)],
        (None, None) => Vec::new(),
        (None, Some(deal)) => {
            let ids = deal.instance_ids.iter();
            ids.map(|id| (id.as_str(), share(deal, taken_fen, id))).collect()
        }
    }
}

/// An instance is in one flow at most that its status shows, and both agree; in others one of a kind, of accounts one
/// of each, of exports one of each file.
fn flows(cloud: &Cloud) -> Holds {
    let mut seen = BTreeSet::new();
    for flow in cloud.flows.values() {
        let id = &flow.instance_id;
        let kind = flow
            .kind
            .row()
            .during
            .map_or(flow.action(), |_| "what its status shows");
        let (kind, of) = match (&flow.payload, flow.account()) {
            (Payload::Export(file), _) => (kind, Some(file.as_str())),
            (_, Some(name)) => ("an account", Some(name)),
            _ => (kind, None),
        };
        ensure!(seen.insert((id, kind, of)), "{id} has two flows of {kind}");
        let Some(instance) = cloud.instances.get(id) else {
            return Err(format!("the {:?} of {id}, which is gone, goes on", flow.kind));
        };
        let shown = cloud.flows.shown_of(id).and_then(Flow::during);
        ensure!(
            instance.status == shown.unwrap_or(Status::Running),
            "{id} in {:?} is {:?}",
            flow.kind,
            instance.status
        );
        ensure!(cloud.flows.of(id).any(|own| own.id == flow.id), "{id} has another flow");
        if flow.kind.row().task.is_some() {
            let task = cloud.tasks.get(&flow.id).ok_or("a flow without its task")?;
            ensure!(
                task.runs() || ends_before(flow.kind) && task.result == TaskResult::Done,
                "the task of a flow is {task:?}"
            );
            ensure!(
                task.runs() || flow.task_due_at.is_none(),
                "a task that has ended is due: {task:?}"
            );
            ensure!(task.instance_id == *id, "the task of a flow is another's: {task:?}");
        }
        if let Some(deal_id) = &flow.deal_id {
            let deal = cloud.deals.get(deal_id).ok_or("a flow without its order")?;
            ensure!(deal.status == DealStatus::Delivering, "the order of a flow is {deal:?}");
        }
    }
    let due = cloud.flows.values().flat_map(ends);
    ensure!(due.min() == cloud.flows.next_due(), "another flow is due next");
    Ok(())
}

/// Whether a change can wait for its window, and so outlive its task.
fn ends_before(of: FlowKind) -> bool {
    matches!(
        of,
        FlowKind::Memory
            | FlowKind::Shards
            | FlowKind::Replicas
            | FlowKind::Version
            | FlowKind::Cluster
            | FlowKind::ProductVersion
            | FlowKind::Kernel
            | FlowKind::Proxy
            | FlowKind::Zones
    )
}

/// What of a flow ends by itself, and when: what is to be seen and was not after sixty times its time.
fn ends(flow: &Flow) -> Vec<(Millis, TaskId)> {
    let unseen = |due: Millis| match flow.shown {
        true => due,
        false => flow.started_at + 60 * (due - flow.started_at),
    };
    let shows = flow.kind.row().during == Some(Status::InProcess) && !flow.in_window;
    let whole = flow.due_at.map(|due| if shows { unseen(due) } else { due });
    let task = flow.task_due_at.map(unseen);
    [whole, task].into_iter().flatten().map(|at| (at, flow.id)).collect()
}

/// The status in the recycle bin is that of how the instance is paid for, and none is paid for beyond its isolation. A
/// fixture, or a hand, may state otherwise.
fn in_its_bin(cloud: &Cloud, of: &Instance) -> Holds {
    let is_prepaid = of.billing() == Billing::Prepaid;
    let mut flows = cloud.flows.of(&of.id);
    match of.status {
        Status::Isolated => ensure!(is_prepaid, "postpaid and -2"),
        Status::Deleting => ensure!(
            !is_prepaid || flows.any(|flow| flow.payload == Payload::CleanUp),
            "prepaid and -3"
        ),
        _ => return Ok(()),
    }
    let (deadline_at, isolated_at) = (of.deadline_at(), of.recycle_bin.isolated_at);
    ensure!(
        deadline_at <= isolated_at || deadline_at.is_none(),
        "paid beyond its isolation"
    );
    Ok(())
}

fn one(cloud: &Cloud, of: &Instance) -> Holds {
    let own = of.own_parameters();
    for param in own.values.iter() {
        let (kind, default) = own
            .known(of.edition, &param.name)
            .ok_or("a parameter of another edition")?;
        ensure!(kind.fault(&param.value).is_none(), "{param:?} is not legal");
        ensure!(param.value != default, "{param:?} is the default and kept");
    }
    let flow = cloud.flows.of(&of.id).next();
    let change = flow.map(|flow| &flow.payload);
    match of.status {
        Status::Pending => return Err("nothing is ever pending".into()),
        Status::InProcess => ensure!(flow.is_some(), "in process without a flow"),
        Status::Running => {}
        Status::Isolated | Status::Deleting => {}
    }
    let bin = matches!(of.status, Status::Isolated | Status::Deleting);
    let binned = bin || matches!(change, Some(Payload::StartUp { .. }));
    ensure!(
        of.recycle_bin.isolated_at.is_some() == binned,
        "isolated_at {:?}",
        of.recycle_bin.isolated_at
    );
    ensure!(
        of.recycle_bin.offline_at.is_some() == binned,
        "offline_at {:?}",
        of.recycle_bin.offline_at
    );
    let prepaid = of.billing() == Billing::Prepaid;
    ensure!(
        of.deadline_at().is_some() == prepaid,
        "a deadline of {:?}",
        of.deadline_at()
    );
    let begins = matches!(change, Some(Payload::Create | Payload::Clone(_) | Payload::StartUp(_)));
    ensure!(
        of.charged_since.is_some() == (!prepaid && !bin && !begins),
        "charged since {:?}",
        of.charged_since
    );
    let frozen = matches!(of.payment, Payment::Postpaid { frozen_fen: Some(_) });
    ensure!(!frozen || !bin, "{:?}", of.payment);
    if flow.is_none() {
        let off_fen = (of.held_fen() - hour_fen(of)).abs();
        ensure!(prepaid || bin || off_fen <= 1, "it holds {}", of.held_fen());
    }
    ensure!(of.edition.sells(&of.spec, of.billing()), "{:?} is not sold", of.spec);
    nodes(of)
}

fn nodes(of: &Instance) -> Holds {
    if of.nodes().is_empty() {
        return Ok(());
    }
    ensure!(
        of.nodes().len() as u64 == of.spec.replicas + 1,
        "nodes {:?}",
        of.nodes()
    );
    let masters = of.nodes().iter().filter(|node| node.role == Role::Master);
    ensure!(masters.count() == 1, "masters in {:?}", of.nodes());
    let first = of.nodes()[0];
    let spread = of.nodes().iter().any(|node| node.zone_id != first.zone_id);
    ensure!(spread, "a NodeSet within one zone: {:?}", of.nodes());
    ensure!(first.zone_id == of.zone_id(), "first of {:?}", of.nodes());
    let ids: BTreeSet<i64> = of.nodes().iter().map(|node| node.id).collect();
    ensure!(ids.len() == of.nodes().len(), "a node's id twice in {:?}", of.nodes());
    Ok(())
}

/// What has no flow has ended; an order's end agrees with what came of its goods.
fn orders_and_tasks(cloud: &Cloud) -> Holds {
    let under_way: BTreeSet<&DealId> = cloud.flows.values().filter_map(|flow| flow.deal_id.as_ref()).collect();
    for deal in cloud.deals.values() {
        let ended = !under_way.contains(&deal.id);
        let want = match deal.undelivered {
            _ if !ended => DealStatus::Delivering,
            0 => DealStatus::Delivered,
            all if all == deal.goods_num => DealStatus::Refunded,
            _ => DealStatus::DeliveryFailed,
        };
        ensure!(deal.status == want, "{deal:?} should be {want:?}");
        ensure!(deal.ended_at.is_some() == ended, "the end of {deal:?}");
        ensure!(
            deal.undelivered <= deal.goods_num,
            "more failed than was ordered: {deal:?}"
        );
        ensure!(deal.goods_num == deal.instance_ids.len() as u64, "goods of {deal:?}");
    }
    for task in cloud.tasks.values() {
        let flow = cloud.flows.get(task.id);
        ensure!(!task.runs() || flow.is_some(), "{task:?} without flow");
        ensure!(task.ended_at.is_none() == task.runs(), "the end of {task:?}");
        let failed = task.result == TaskResult::Failed;
        ensure!(failed != task.message.is_empty(), "the message of {task:?}");
        ensure!(
            task.ended_at.is_none_or(|end| end >= task.started_at),
            "{task:?} ends early"
        );
    }
    Ok(())
}

/// A flow that has just ended by hand has closed its task, and its order says so.
pub(super) fn ended(cloud: &Cloud, flow: &Flow, result: TaskResult) -> Holds {
    ensure!(cloud.flows.get(flow.id).is_none(), "the flow goes on");
    if flow.kind.row().task.is_some() {
        let task = cloud.tasks.get(&flow.id).ok_or("its task is gone")?;
        ensure!(
            task.result == result || ends_before(flow.kind) && task.result == TaskResult::Done,
            "the task of a flow that is {result:?} is {task:?}"
        );
    }
    if let Some(deal_id) = &flow.deal_id {
        let deal = cloud.deals.get(deal_id).ok_or("its order is gone")?;
        let failed = result == TaskResult::Failed;
        ensure!(
            !failed || deal.undelivered > 0,
            "the order of a failed flow is {deal:?}"
        );
    }
    Ok(())
}

/// Whatever was due has happened, and what is due next is what the instances say.
fn due(cloud: &Cloud, now: Millis) -> Holds {
    ensure!(cloud.advanced_to == now, "the cloud is not at the present");
    ensure!(cloud.next_due().is_none_or(|due| due > now), "something is overdue");
    let next = cloud.instances.values().filter_map(next).min();
    let said = cloud.instances.next_due();
    ensure!(next == said, "{next:?} is due next, not {said:?}");
    let by_hand = advance::next_by_hand(cloud);
    ensure!(by_hand.is_none_or(|at| at <= END), "{by_hand:?} is beyond the calendar");
    Ok(())
}

/// When time itself changes an instance or one of its events.
fn next(of: &Instance) -> Option<(Millis, &InstanceId)> {
    let renews = of.auto_renew == AutoRenew::Automatic && !of.payment.renewal_failed();
    let ends_there = of.auto_renew == AutoRenew::Never;
    let own = match of.status {
        Status::Running => of
            .deadline_at()
            .map(|at| after(at, if renews || ends_there { 0 } else { 7 * DAY })),
        Status::Isolated | Status::Deleting => of.recycle_bin.offline_at,
        Status::Pending | Status::InProcess => None,
    };
    let of_event = |event: &Event| {
        let (start, end) = event.hours(of.maintenance);
        let minute = match event.state {
            EventState::Waiting => start,
            EventState::Running { .. } => end,
            EventState::Finished { .. } | EventState::Canceled => return None,
        };
        Some(event.day + i64::from(minute) * MINUTE)
    };
    let first = own.into_iter().chain(of.events.iter().filter_map(of_event)).min();
    first.map(|at| (at, &of.id))
}
