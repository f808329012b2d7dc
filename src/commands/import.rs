//! `crs-local import`: from TCCLI's output to a fixture.

use std::fs;
use std::io::Read;

use clap::Args;
use crs_local::import::{self, Options, Source};

use super::output::{lines, print};

/// What the command is for, at length.
pub(crate) const LONG_ABOUT: &str = "Turn what TCCLI printed of a real account into a fixture, on standard output.

FILE holds what `tccli redis DescribeInstances` prints: one page or several, in one file or many, \
with or without `Response` around; `-` is standard input. What DescribeInstanceSecurityGroup prints of \
those instances may stand beside it. What cannot be carried over is named on \
standard error, instance by instance; an instance that no fixture can state (an edition, a size or \
a status that is not known here) is an error, or, with --skip, left out.

  tccli redis DescribeInstances --region ap-guangzhou --Limit 1000 > guangzhou.json
  crs-local import guangzhou.json > fixture.json
  crs-local --fixture fixture.json";

#[derive(Args)]
pub(crate) struct Import {
    /// What `tccli redis DescribeInstances` printed; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,

    /// What `tccli redis` printed of one instance: by DescribeInstanceAccount its Redis accounts, by
    /// DescribeInstanceParams its parameters, by DescribeMaintenanceWindow its window, by
    /// DescribeInstanceNodeInfo its nodes and proxies, with their ids;
    /// repeatable
    #[arg(long, value_name = "INSTANCE=FILE")]
    of: Vec<String>,

    /// Replace what tells whose account it is
    #[arg(
        long,
        long_help = "Replace what tells whose account it is by pseudonyms. The same original gets \
the same one in all files, the same input the same output, and no pseudonym can be worked back.

Masked: AppId (and with it the Uin, which follows from it), InstanceName where it is not the \
InstanceId, ProjectName where the project is not 0, WanIp, WanAddress (its port is kept), Vip6, \
IPv6, PolarisServer, UniqVpcId, UniqSubnetId, RedisClusterId, DedicatedClusterId, the values of \
tags, the names and remarks of Redis accounts but root, and ids, names and remarks of security groups. \
Left out: the numeric VpcId and SubnetId, Tags, InstanceNode and the rules of security groups.

Kept: InstanceId, regions, zones, the numbers of nodes and projects, ports, sizes, versions, times, \
states, parameters, and the keys of tags. Passwords are not among what is printed."
    )]
    mask: bool,

    /// Leave out the instances that cannot be carried over, with a warning, instead of failing
    #[arg(long)]
    skip: bool,
}

impl Import {
    pub(super) fn run(self) -> Result<(), String> {
        let files: Vec<&str> = self.files.iter().map(String::as_str).collect();
        let mut of = Vec::new();
        for pair in &self.of {
            let (id, file) = pair
                .split_once('=')
                .ok_or_else(|| format!("--of {pair}: write INSTANCE=FILE, as crs-5qlrlhux=params.json"))?;
            of.push((id, file));
        }
        let all = files.iter().chain(of.iter().map(|(_, file)| file));
        if all.filter(|file| **file == "-").count() > 1 {
            return Err("standard input can be read once; give - once".to_owned());
        }
        let instances = files.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let of = of.into_iter().map(|(id, file)| Ok((id.to_owned(), read(file)?)));
        let of = of.collect::<Result<Vec<_>, String>>()?;
        let options = Options {
            mask: self.mask,
            skip: self.skip,
        };
        let imported = import::import(&instances, &of, options).map_err(|faults| lines(&faults))?;
        for warning in &imported.warnings {
            eprintln!("crs-local: warning: {warning}");
        }
        print(&imported.fixture)
    }
}

fn read(file: &str) -> Result<Source, String> {
    let mut text = Vec::new();
    let (name, read) = match file {
        "-" => ("standard input", std::io::stdin().read_to_end(&mut text).map(|_| text)),
        _ => (file, fs::read(file)),
    };
    Ok(Source {
        name: name.to_owned(),
        text: read.map_err(|error| format!("{file}: cannot be read ({error}); give a file"))?,
    })
}
