//! Encryption of connections.

use crate::actions::int;
use crate::cloud::network::tls;
use crate::cloud::{Call, Cloud, Refusal, SslAddress, Status, TaskId, time};
use crate::contract::{input, output};

/// What the API gives in place of a task's number where there is nothing to do.
const NOTHING_TO_DO: i64 = -1;

fn task(done: Option<TaskId>) -> i64 {
    done.map_or(NOTHING_TO_DO, |id| int(id.0))
}

/// Encrypts connections.
pub(crate) fn open_ssl(cloud: &mut Cloud, call: &Call, input: input::OpenSSL) -> Result<output::OpenSSL, Refusal> {
    let done = tls::open(cloud, call, &input.instance_id, input.address_type)?;
    Ok(output::OpenSSL { task_id: task(done) })
}

/// Ends encryption.
pub(crate) fn close_ssl(cloud: &mut Cloud, call: &Call, input: input::CloseSSL) -> Result<output::CloseSSL, Refusal> {
    let done = tls::close(cloud, call, &input.instance_id, input.address_type)?;
    Ok(output::CloseSSL { task_id: task(done) })
}

/// How connections are encrypted, and where the certificate is.
pub(crate) fn describe_ssl_status(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeSSLStatus,
) -> Result<output::DescribeSSLStatus, Refusal> {
    const LIVE: &[Status] = &[Status::Pending, Status::InProcess, Status::Running];
    let instance = cloud.instance(call.region, &input.instance_id)?;
    if instance.status.is_binned() {
        return Err(Refusal::WrongStatus {
            id: instance.id.clone(),
            status: instance.status,
            needs: LIVE,
        });
    }
    let (app_id, region) = (cloud.account.app_id, instance.region.name);
    let bucket = format!("tencentdb-user-crt-{app_id}.cos.{region}.myqcloud.com");
    Ok(output::DescribeSSLStatus {
        cert_download_url: format!("https://{bucket}/TencentDB-SSL-CA.zip").into(),
        url_expired_time: time::show(tls::certificate_ends_at(instance)).into(),
        ssl_config: instance.ssl.is_some(),
        feature_support: tls::is_supported(instance),
        status: if tls::is_changing(cloud, instance) { 1 } else { 2 },
        address_type: instance.ssl.map_or(-1, |ssl| SslAddress::number(ssl.address)),
        encrypt_address: tls::encrypted_address(instance).to_owned().into(),
    })
}
