//! Lists: their pages, their filters, their regions.

use std::collections::BTreeSet;

use crs_local::contract::shape::{Member, Type};
use crs_local::contract::{Action, RegionUse};
use serde_json::{Value, json};

use super::super::answers::{call, inputs_of_each, title};
use super::super::harness::App;
use super::super::walk::Sources;
use super::{REGION, items, lists, lived, taken, with};

/// How many actions were paged over more than one page, and how many filters let through a part and not all, at least;
/// the numbers only grow.
const PAGED_MIN: usize = 8;
const FILTERS_MIN: usize = 50;

/// The names of paging: a size, and a place or the number of a page.
const SIZES: [&str; 2] = ["Limit", "PageSize"];
const PLACES: [&str; 4] = ["Offset", "PageNo", "PageNum", "PageNumber"];
/// A list of more pages is not asked for in pages so small.
const PAGES_MOST: usize = 150;
/// What leaves nothing out of a list: how it is sorted, how points are spread over time.
const NO_FILTERS: [&str; 7] = [
    "Period",
    "OrderBy",
    "OrderType",
    "OrderByType",
    "Order",
    "OrderField",
    "OrderDirection",
];

/// Of an action with pages the members that say how many, and where.
fn pages(action: &Action) -> Option<(&'static Member, &'static Member)> {
    let of = |names: &[&str]| action.input.members.iter().find(|member| names.contains(&member.name));
    Some((of(&SIZES)?, of(&PLACES)?))
}

/// Filters that find what the whole list leaves out, and why.
const BEYOND: &[(&str, &str, &str)] = &[
    (
        "DescribeParamTemplates",
        "TemplateIds",
        "the system's templates are found by id, and not listed",
    ),
    (
        "DescribeParamTemplates",
        "TemplateNames",
        "the system's templates are found by name, and not listed",
    ),
    (
        "DescribeLogInstanceList",
        "LogSwitch",
        "without it those are listed whose log is off",
    ),
    ("GetMonitorData", "EndTime", "the end of a span of time is no filter"),
];

/// A number as that member takes it.
fn number(member: &Member, number: usize) -> Value {
    match member.ty {
        Type::String => json!(number.to_string()),
        _ => json!(number),
    }
}

/// The input that asks for the page of that size which begins after so many items.
fn paged(input: &Value, (size, place): (&Member, &Member), (of, at): (usize, usize)) -> Value {
    let placed = if place.name == "Offset" { at } else { at / of + 1 };
    let sized = with(input, size.name, &number(size, of));
    with(&sized, place.name, &number(place, placed))
}

/// The whole answer, its lists joined of pages of that size at most; `None` if the call is refused or there are too
/// many.
async fn whole(app: &App, action: &Action, input: &Value, of: usize) -> Option<Value> {
    let Some(paging) = pages(action) else {
        return taken(app, action, input).await;
    };
    let mut joined = taken(app, action, &paged(input, paging, (of, 0))).await?;
    let count = |page: &Value| {
        lists(action)
            .iter()
            .map(|member| items(page, member).len())
            .max()
            .unwrap_or(0)
    };
    // One that gives fewer at most than were asked for goes on from those.
    let given = count(&joined);
    let mut at = given;
    while given > 0 && at % given == 0 {
        if at / given > PAGES_MOST {
            return None;
        }
        let page = taken(app, action, &paged(input, paging, (given, at))).await?;
        assert!(
            count(&page) <= given,
            "{} {input}: more than {given} on a page",
            action.name
        );
        for member in lists(action) {
            let more = items(&page, member);
            joined[member].as_array_mut()?.extend(more);
        }
        match count(&page) {
            0 => break,
            some => at += some,
        }
    }
    Some(joined)
}

/// Reading calls that list something: the plainest, where nothing must be said, and some that the rows of the answers
/// make here.
async fn reads(app: &App) -> Vec<(&'static Action, Value)> {
    let mut found = Vec::new();
    for (action, inputs) in inputs_of_each(app, REGION).await {
        if !action.reads || lists(action).is_empty() {
            continue;
        }
        let needs = action.input.members.iter().any(|member| member.required);
        let plainest = (!needs).then(|| json!({}));
        found.extend(
            plainest
                .into_iter()
                .chain(inputs.into_iter().take(3))
                .map(|input| (action, input)),
        );
    }
    found
}

#[tokio::test]
async fn pages_joined_are_the_whole_list() {
    let mut several = BTreeSet::new();
    for (name, app) in lived().await {
        for (action, input) in reads(&app).await {
            if pages(action).is_none() {
                continue;
            }
            let mut wholes: Vec<(usize, Value)> = Vec::new();
            for of in [100, 50, 20, 10, 7, 3, 1] {
                if let Some(joined) = whole(&app, action, &input, of).await {
                    wholes.push((of, joined));
                }
            }
            for member in lists(action) {
                for two in wholes.windows(2) {
                    let [(most, one), (few, other)] = two else { continue };
                    let (one, other) = (items(one, member), items(other, member));
                    let differs = one.iter().zip(&other).position(|(one, other)| one != other);
                    assert!(
                        one == other,
                        "{name}: {} {input}: {} {member} in pages of {most}, {} in pages of {few}; the first that \
                         differs is {differs:?}",
                        action.name,
                        one.len(),
                        other.len(),
                    );
                    if other.len() > *few {
                        several.insert(title(action));
                    }
                }
            }
            for count in ["TotalCount", "Total", "TotalNum", "TotalNumber"] {
                let told: BTreeSet<String> = wholes.iter().map(|(_, whole)| whole[count].to_string()).collect();
                assert!(told.len() <= 1, "{name}: {} {input}: {count} is {told:?}", action.name);
            }
        }
    }
    println!("paged: {several:?}");
    assert!(several.len() >= PAGED_MIN, "only these had several pages: {several:?}");
}

#[tokio::test]
async fn what_a_filter_leaves_is_a_part_of_the_whole() {
    let sources = Sources::of_data();
    let (mut narrowed, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for (name, app) in lived().await {
        for (action, input) in reads(&app).await {
            let Some(all_of_it) = whole(&app, action, &input, 100).await else {
                continue;
            };
            let mut sources = sources.clone();
            sources.hear(&all_of_it);
            let paging = pages(action);
            let is_paging =
                |member: &Member| paging.is_some_and(|(size, place)| [size.name, place.name].contains(&member.name));
            let filters = action.input.members.iter().filter(|member| {
                !member.required
                    && !is_paging(member)
                    && !NO_FILTERS.contains(&member.name)
                    && input.get(member.name).is_none()
            });
            for filter in filters {
                for value in sources.values_of(filter) {
                    let asked = with(&input, filter.name, &value);
                    let Some(part) = whole(&app, action, &asked, 100).await else {
                        continue;
                    };
                    for member in lists(action) {
                        let (all, found) = (items(&all_of_it, member), items(&part, member));
                        let is_beyond = BEYOND
                            .iter()
                            .any(|(of, by, _)| (*of, *by) == (action.name, filter.name));
                        if let (false, Some(stranger)) = (is_beyond, found.iter().find(|item| !all.contains(item))) {
                            wrong.insert(format!(
                                "{} {} {value} ({name}): {stranger}",
                                title(action),
                                filter.name
                            ));
                        } else if found.len() < all.len() {
                            narrowed.insert(format!("{}.{}", title(action), filter.name));
                        }
                    }
                }
            }
        }
    }
    println!("{} filters narrow: {narrowed:?}", narrowed.len());
    let told: Vec<_> = wrong
        .iter()
        .map(|one| one.chars().take(600).collect::<String>())
        .collect();
    assert!(
        wrong.is_empty(),
        "{} filters let in what is not in the whole: {told:#?}",
        wrong.len()
    );
    assert!(narrowed.len() >= FILTERS_MIN, "only these narrowed: {narrowed:?}");
}

/// Where an action takes a region among its own members, and lists all without it.
#[tokio::test]
async fn region_by_region_is_all() {
    const REGIONS: [&str; 6] = [
        "ap-guangzhou",
        "ap-shanghai",
        "ap-beijing",
        "ap-nanjing",
        "ap-shanghai-fsi",
        "ap-hongkong",
    ];
    let mut split = BTreeSet::new();
    for (name, app) in lived().await {
        for (action, input) in reads(&app).await {
            if action.region == RegionUse::Ignored {
                let mut answers = BTreeSet::new();
                for region in ["ap-guangzhou", "ap-shanghai", "ap-shanghai-fsi"] {
                    let answer = app.call(&call(&title(action), region, "AKIDlocal", &input)).await;
                    let mut told = answer.json()["Response"].clone();
                    told["RequestId"] = json!(null);
                    answers.insert(told.to_string());
                }
                assert_eq!(answers.len(), 1, "{name}: {} {input} {answers:?}", action.name);
                split.insert(title(action));
            }
            let own = action.input.members.iter().find(|member| {
                !member.required
                    && member.name.contains("Region")
                    && matches!(member.ty, Type::String)
                    && input.get(member.name).is_none()
            });
            let Some(own) = own else { continue };
            let Some(whole) = taken(&app, action, &input).await else {
                continue;
            };
            for member in lists(action) {
                let mut joined = Vec::new();
                for region in REGIONS {
                    let part = taken(&app, action, &with(&input, own.name, &json!(region))).await;
                    joined.extend(part.map(|part| items(&part, member)).unwrap_or_default());
                }
                let sorted = |mut all: Vec<Value>| {
                    all.sort_by_key(Value::to_string);
                    all
                };
                let all = sorted(items(&whole, member));
                if !all.is_empty() {
                    split.insert(format!("{}.{}", title(action), own.name));
                }
                assert_eq!(sorted(joined), all, "{name}: {} by {}", action.name, own.name);
            }
        }
    }
    println!("region by region: {split:?}");
    assert!(!split.is_empty());
}
