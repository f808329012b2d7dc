use super::*;
use crate::cloud::backup::plan;

/// What a clone of an instance that runs on `has` runs on, if `asked` is asked for.
fn cloned(has: &str, asked: Option<&str>) -> Result<String, Refusal> {
    let mut source = instance("crs-source00", 8);
    source.hardware.product_version = has.into();
    if has == "cdc" {
        source.hardware.redis_cluster_id = Some("crs-cdc-tests000".into());
    }
    let backup = plan::of_now("1-2-3".into(), &source, BackupKind::Manual, NOW);
    let mut cloud = with(Pace::Held, source);
    cloud.backups.insert(backup);
    let order = CloneOrder {
        instance_id: "crs-source00".into(),
        backup_id: "1-2-3".into(),
        order: Order {
            goods: 1,
            months: 1,
            zone_id: Some(100_003),
            vpc: Some("vpc-abcdefgh".into()),
            subnet: Some("subnet-abcdefgh".into()),
            password: Some("crs-Local1".into()),
            product_version: asked.map(str::to_owned),
            ..Order::default()
        },
        ..CloneOrder::default()
    };
    let ordered = cloud.clone_instances(&guangzhou(), &order)?;
    let made = &cloud.instances[&ordered.instance_ids[0]];
    assert_eq!(
        made.hardware.redis_cluster_id.is_none(),
        made.hardware.product_version != "cdc"
    );
    Ok(made.hardware.product_version.clone())
}

#[test]
fn a_clone_runs_on_what_its_source_runs_on() {
    for has in ["local", "localv2", "cdc"] {
        assert_eq!(cloned(has, None).as_deref(), Ok(has));
        assert_eq!(cloned(has, Some("")).as_deref(), Ok(has));
    }
}

#[test]
fn a_clone_can_be_put_on_the_other_hardware() {
    assert_eq!(cloned("local", Some("localv2")).as_deref(), Ok("localv2"));
    assert_eq!(cloned("localv2", Some("local")).as_deref(), Ok("local"));
    assert_eq!(cloned("cdc", Some("local")).as_deref(), Ok("local"));
    for other in ["cdc", "cloud", "moon"] {
        let refusal = cloned("local", Some(other)).expect_err("is refused");
        assert!(
            matches!(
                refusal,
                Refusal::BadValue {
                    parameter: "ProductVersion",
                    ..
                }
            ),
            "{refusal:?}"
        );
    }
}
