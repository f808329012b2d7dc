//! Where backups are downloaded, and from where they can be.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::actions::{int, text};
use crate::auth::links::BackupLink;
use crate::cloud::backup::files::{self, LINK_LIVES};
use crate::cloud::backup::restriction::{self, RestrictionChange};
use crate::cloud::{Call, Cloud, LimitVpc, Refusal, time};
use crate::contract::{Text, input, output};

/// The links to the files of a backup: those for everybody as far as the restriction lets, and those for private
/// networks. Both lead to this server.
pub(crate) fn describe_backup_url(
    cloud: &Cloud,
    call: &Call,
    input: input::DescribeBackupUrl,
) -> Result<output::DescribeBackupUrl, Refusal> {
    let asked = RestrictionChange {
        limit: text(input.limit_type),
        vpc_symbol: text(input.vpc_comparison_symbol),
        ip_symbol: text(input.ip_comparison_symbol),
        vpcs: input.limit_vpc.into_iter().map(limit_vpc).collect(),
        addresses: input.limit_ip,
    };
    let named = (input.instance_id.as_str(), input.backup_id.as_str());
    let download = files::download(cloud, call, named, &asked)?;
    let infos = download.files.into_iter().map(|file| {
        let inner = link(cloud, call, &download.seen.backup.id, &file.name);
        let public = if download.is_public {
            inner.clone()
        } else {
            String::new()
        };
        output::BackupDownloadInfo {
            file_name: file.name.into(),
            file_size: int(file.size),
            download_url: public.into(),
            inner_download_url: inner.into(),
        }
    });
    let infos: Vec<_> = infos.collect();
    let each = |of: fn(&output::BackupDownloadInfo) -> &Text| -> Vec<Text> {
        infos.iter().map(of).filter(|text| !text.is_empty()).cloned().collect()
    };
    Ok(output::DescribeBackupUrl {
        download_url: each(|info| &info.download_url),
        inner_download_url: each(|info| &info.inner_download_url),
        filenames: Some(each(|info| &info.file_name)),
        backup_infos: infos,
    })
}

fn link(cloud: &Cloud, call: &Call, backup_id: &str, file: &str) -> String {
    let from_s = call.now.div_euclid(time::SECOND);
    let until_s = from_s + LINK_LIVES / time::SECOND;
    let app_id = cloud.account.app_id;
    let link = BackupLink {
        app_id,
        backup_id,
        file,
        from_s,
        until_s,
    };
    let (origin, signature) = (&call.links.origin, link.signature(call.links.key));
    let escaped = |text| {
        let escaped = utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        escaped.replace("%2D", "-").replace("%2E", ".")
    };
    let (id, file) = (escaped(backup_id), escaped(file));
    format!("{origin}/_crs/backups/{id}/{file}?AppId={app_id}&q-sign-time={from_s};{until_s}&q-signature={signature}")
}

/// From where the backups of the region can be downloaded.
pub(crate) fn describe_backup_download_restriction(
    cloud: &Cloud,
    call: &Call,
    _: input::DescribeBackupDownloadRestriction,
) -> Result<output::DescribeBackupDownloadRestriction, Refusal> {
    let own = restriction::of(cloud, call.region);
    let vpcs = own.vpcs.into_iter().map(|limit| output::BackupLimitVpcItem {
        region: limit.region.into(),
        vpc_list: limit.vpcs.into_iter().map(Into::into).collect(),
    });
    Ok(output::DescribeBackupDownloadRestriction {
        limit_type: own.limit.word().into(),
        vpc_comparison_symbol: own.vpc_symbol.into(),
        ip_comparison_symbol: own.ip_symbol.into(),
        limit_vpc: vpcs.collect(),
        limit_ip: own.addresses.into_iter().map(Into::into).collect(),
    })
}

/// Restricts the downloads of the region.
pub(crate) fn modify_backup_download_restriction(
    cloud: &mut Cloud,
    call: &Call,
    input: input::ModifyBackupDownloadRestriction,
) -> Result<output::ModifyBackupDownloadRestriction, Refusal> {
    let asked = RestrictionChange {
        limit: Some(input.limit_type),
        vpc_symbol: text(input.vpc_comparison_symbol),
        ip_symbol: text(input.ip_comparison_symbol),
        vpcs: input.limit_vpc.into_iter().map(limit_vpc).collect(),
        addresses: input.limit_ip,
    };
    restriction::modify(cloud, call, &asked)?;
    Ok(output::ModifyBackupDownloadRestriction {})
}

fn limit_vpc(item: input::BackupLimitVpcItem) -> LimitVpc {
    LimitVpc {
        region: item.region,
        vpcs: item.vpc_list,
    }
}
