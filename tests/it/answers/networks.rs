//! The network service: rows of its actions, what each write must show in which reads (`tests/data/answers`), and how
//! instances and networks hold each other.

use serde_json::{Value, json};

use super::written::ask;
use super::{Row, action, call, held};
use crate::harness::App;

/// An account with networks, and what is written to it and must be read then.
pub(super) fn table() -> Value {
    serde_json::from_str(include_str!("../../data/answers/networks.json")).expect("a table")
}

/// The account as a fixture.
pub(super) fn fixture() -> String {
    json!({ "Accounts": [table()["Account"]] }).to_string()
}

/// Calls that succeed where the account holds those networks.
macro_rules! row {
    ($action:literal, $($input:tt)+) => {
        Row {
            action: $action,
            inputs: |scene| scene.holds_networks.then(|| json!($($input)+)).into_iter().collect(),
        }
    };
}

/// A row for each action of the service; see [`super::ROWS`].
pub(super) const ROWS: &[Row] = &[
    row!("CreateAssistantCidr", { "VpcId": "vpc-answers0", "CidrBlocks": ["172.20.0.0/16"] }),
    row!("CreateSecurityGroup", { "GroupName": "made", "GroupDescription": "" }),
    row!("CreateSecurityGroupPolicies", { "SecurityGroupId": "sg-answers0",
        "SecurityGroupPolicySet": { "Ingress": [{ "PolicyIndex": 0, "Action": "DROP", "Protocol": "UDP" }] } }),
    row!("CreateSubnet", { "VpcId": "vpc-answers0", "SubnetName": "made", "CidrBlock": "10.0.9.0/24",
        "Zone": "ap-guangzhou-3" }),
    row!("CreateVpc", { "VpcName": "made", "CidrBlock": "192.168.0.0/16" }),
    row!("DeleteSecurityGroup", { "SecurityGroupId": "sg-gone0000" }),
    row!("DeleteSecurityGroupPolicies", { "SecurityGroupId": "sg-answers0",
        "SecurityGroupPolicySet": { "Ingress": [{ "PolicyIndex": 0 }] } }),
    row!("DeleteSubnet", { "SubnetId": "subnet-gone0000" }),
    row!("DeleteVpc", { "VpcId": "vpc-gone0000" }),
    row!("DescribeRouteTables", {}),
    row!("DescribeSecurityGroupAssociationStatistics", { "SecurityGroupIds": ["sg-answers0", "sg-answers1"] }),
    row!("DescribeSecurityGroupPolicies", { "SecurityGroupId": "sg-answers1" }),
    row!("DescribeSecurityGroups", {}),
    row!("DescribeSubnets", {}),
    row!("DescribeVpcs", {}),
    row!("ModifyAssistantCidr", { "VpcId": "vpc-answers0", "OldCidrBlocks": ["172.30.0.0/16"] }),
    row!("ModifySecurityGroupAttribute", { "SecurityGroupId": "sg-answers0", "GroupName": "renamed" }),
    row!("ModifySecurityGroupPolicies", { "SecurityGroupId": "sg-answers0",
        "SecurityGroupPolicySet": { "Ingress": [{ "Action": "ACCEPT", "SecurityGroupId": "sg-answers1" }] } }),
    row!("ModifySubnetAttribute", { "SubnetId": "subnet-answers0", "EnableBroadcast": "true" }),
    row!("ModifyVpcAttribute", { "VpcId": "vpc-answers0", "VpcName": "renamed" }),
    row!("ReplaceRouteTableAssociation", { "RouteTableId": "rtb-second00", "SubnetId": "subnet-answers0" }),
];

async fn code(app: &App, action: &str, input: &Value) -> String {
    let answer = app.call(&call(action, "ap-guangzhou", "AKIDlocal", input)).await;
    answer.code().to_owned()
}

#[tokio::test]
async fn a_network_goes_when_its_last_instance_is_isolated() {
    let app = App::with_fixture(held(), &fixture());
    let all = [
        ("DeleteSecurityGroup", json!({ "SecurityGroupId": "sg-answers1" })),
        ("DeleteSubnet", json!({ "SubnetId": "subnet-answers0" })),
        ("DeleteVpc", json!({ "VpcId": "vpc-answers0" })),
    ];
    for (action, input) in &all {
        assert_eq!(code(&app, action, input).await, "ResourceInUse", "{action}");
    }
    ask(
        &app,
        "DestroyPostpaidInstance",
        &json!({ "InstanceId": "crs-answers0" }),
    )
    .await;
    for (action, input) in &all {
        assert_eq!(
            code(&app, action, input).await,
            "ResourceInUse",
            "{action} while it is being returned"
        );
    }
    app.controlled("POST", "/_crs/flows/drain", "").await;
    for (action, input) in &all {
        ask(&app, action, input).await;
    }
    let groups = ask(
        &app,
        "DescribeInstanceSecurityGroup",
        &json!({ "InstanceIds": ["crs-answers0"] }),
    )
    .await;
    assert_eq!(
        groups["InstanceSecurityGroupsDetail"][0]["SecurityGroupDetails"],
        json!([])
    );
    // The other VPC is still held, so what is gone is not one that exists by its form alone.
    let back = json!({ "InstanceId": "crs-answers0" });
    assert_eq!(
        code(&app, "StartupInstance", &back).await,
        "FailedOperation.UnSupportError"
    );
}

#[tokio::test]
async fn an_address_that_was_given_back_can_be_taken() {
    let app = App::with_fixture(held(), &fixture());
    ask(
        &app,
        "DestroyPostpaidInstance",
        &json!({ "InstanceId": "crs-answers0" }),
    )
    .await;
    app.controlled("POST", "/_crs/flows/drain", "").await;
    let order = json!({ "TypeId": 15, "MemSize": 1024, "GoodsNum": 1, "Period": 1, "BillingMode": 0,
        "RedisShardNum": 1, "RedisReplicasNum": 1, "Password": "Secret_99", "VpcId": "vpc-answers0",
        "SubnetId": "subnet-answers0" });
    let ordered = ask(&app, "CreateInstances", &order).await;
    let vip = async |id: &Value| {
        let shown = ask(&app, "DescribeInstances", &json!({ "InstanceId": id })).await;
        shown["InstanceSet"][0]["WanIp"].clone()
    };
    assert_eq!(vip(&ordered["InstanceIds"][0]).await, "10.0.1.2");
    ask(&app, "StartupInstance", &json!({ "InstanceId": "crs-answers0" })).await;
    assert_eq!(vip(&json!("crs-answers0")).await, "10.0.1.3");
}

#[tokio::test]
async fn without_networks_of_ones_own_every_id_exists() {
    let app = App::with_fixture(held(), r#"{ "Accounts": [{ "Instances": [] }] }"#);
    let order = json!({ "TypeId": 15, "MemSize": 1024, "GoodsNum": 1, "Period": 1, "BillingMode": 0,
        "RedisShardNum": 1, "RedisReplicasNum": 1, "Password": "Secret_99", "VpcId": "vpc-anyofone",
        "SubnetId": "subnet-anyofone", "SecurityGroupIdList": ["sg-anyofone"] });
    let id = ask(&app, "CreateInstances", &order).await["InstanceIds"][0].clone();
    let groups =
        async || ask(&app, "DescribeProjectSecurityGroups", &json!({ "Product": "redis" })).await["Total"].clone();
    assert_eq!(groups().await, 1, "a group exists while it is bound");
    let bound = json!({ "Product": "redis", "SecurityGroupId": "sg-anyofone", "InstanceIds": [id] });
    ask(
        &app,
        "CreateSecurityGroup",
        &json!({ "GroupName": "one", "GroupDescription": "" }),
    )
    .await;
    ask(&app, "AssociateSecurityGroups", &bound).await;
    ask(&app, "DisassociateSecurityGroups", &bound).await;
    assert_eq!(code(&app, "AssociateSecurityGroups", &bound).await, "ResourceNotFound");
    assert_eq!(groups().await, 1);
    ask(
        &app,
        "CreateVpc",
        &json!({ "VpcName": "one", "CidrBlock": "10.0.0.0/16" }),
    )
    .await;
    let other = "InvalidParameterValue.UnVpcIdNotExists";
    let mut bare = order.clone();
    bare["SecurityGroupIdList"] = json!([]);
    assert_eq!(code(&app, "CreateInstances", &bare).await, other);
    let beijing = app
        .call(&call("CreateInstances", "ap-beijing", "AKIDlocal", &order))
        .await;
    assert_eq!(beijing.code(), "", "another region holds none: {beijing}");
}

#[test]
fn the_rows_are_of_the_service() {
    assert!(ROWS.iter().all(|row| action(row.action).service == "vpc"));
}
