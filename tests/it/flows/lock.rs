//! The lock after a resize: the instance shows Status 2, and takes no change for a while yet.

use super::*;

const LOCKED: &str = "FailedOperation.SystemError";

fn locking() -> Scene {
    let fixture = FIXTURE.replace(r#""Instances""#, r#""LockSeconds": 30, "Instances""#);
    Scene::of(Pace::Timed, &fixture)
}

#[tokio::test]
async fn what_was_resized_runs_and_takes_no_change_until_the_lock_is_over() {
    let scene = locking();
    assert_eq!(scene.upgrade(2_048).await, "", "nothing locks it yet");
    assert_eq!(scene.status().await, 1);
    scene.wait(FLOW_TIME_MS);
    assert_eq!(scene.status().await, 2);
    let other = scene.restored(Pace::Timed).await;
    for scene in [&scene, &other] {
        assert_eq!(scene.upgrade(4_096).await, LOCKED);
        let priced = json!({ "InstanceId": ONE, "MemSize": 4_096 });
        scene.done("InquiryPriceUpgradeInstance", &priced).await;
        let named = json!({ "Operation": "rename", "InstanceIds": [ONE], "InstanceNames": ["named"] });
        scene.done("ModifyInstance", &named).await;
        let turned = json!({ "InstanceIds": [ONE], "InstanceChargeType": "PREPAID", "Period": 1 });
        let failed = scene.done("ModifyInstanceChargeType", &turned).await;
        assert_eq!(failed["FailedInstanceIds"][0]["InstanceId"], ONE);
        scene.wait(29_999);
        assert_eq!(scene.upgrade(4_096).await, LOCKED);
        scene.wait(1);
        assert_eq!(scene.upgrade(4_096).await, "");
    }
}

#[tokio::test]
async fn only_a_resize_that_succeeded_locks() {
    let scene = locking();
    assert_eq!(scene.upgrade(2_048).await, "");
    let id = scene.flows().await[0]["Id"].clone();
    scene
        .app
        .controlled("POST", &format!("/_crs/flows/{id}/fail"), "")
        .await;
    assert_eq!(scene.upgrade(2_048).await, "", "what failed locks nothing");
    scene.app.controlled("POST", "/_crs/flows/drain", "").await;
    let path = format!("/_crs/instances/{ONE}");
    let patched = scene.app.controlled("PATCH", &path, r#"{"LockedUntil":null}"#).await;
    assert_eq!(patched["LockedUntil"], Value::Null);
    let begun = json!({ "InstanceId": ONE, "TargetInstanceType": "15", "SwitchOption": 2 });
    scene.done("UpgradeInstanceVersion", &begun).await;
    scene.app.controlled("POST", "/_crs/flows/drain", "").await;
    assert_eq!(scene.upgrade(4_096).await, "", "a version is no size");
}
