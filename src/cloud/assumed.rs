//! What is assumed of the real service where the evidence is weak.
//!
//! The names, the evidence and the way to choose otherwise stand in the table of `assume.rs`. The values travel here
//! with the other settings; the gateway reads those that are about it.

/// One value for each assumption. What is true is what the evidence speaks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assumed {
    /// `whole-floats`: a whole number of a float member has no fraction.
    pub whole_floats_are_integers: bool,
    /// `startup-task-id`: StartupInstance answers none.
    pub startup_has_no_task_id: bool,
    /// `redis28-512mb`: it is sold postpaid.
    pub redis28_512mb_is_sold: bool,
    /// `base-network`
    pub base_network: BaseNetwork,
    /// `multi-zone-to-cluster`: what stands in several zones does not become a cluster.
    pub multi_zone_stays_standard: bool,
    /// `window-task`: it ends before the change that waits for its window.
    pub window_task_ends_first: bool,
    /// `order-title`: what an order adds is titled so.
    pub orders_show_adding: bool,
    /// `cam-task-list`: with an InstanceId, CAM looks at that instance.
    pub cam_task_list_is_of_an_instance: bool,
    /// `cam-instance-list`: without ids, CAM looks at `instance/*`.
    pub cam_instance_list_is_of_instances: bool,
    /// `missing-replicas`: a standard order without RedisReplicasNum gets one.
    pub missing_replicas_are_one: bool,
    /// `rate-log-instance-list`: the newer figure of DescribeLogInstanceList.
    pub log_instance_list_has_newer_rate: bool,
    /// `rate-instance-events`: the newer figure of DescribeInstanceEvents.
    pub instance_events_have_newer_rate: bool,
    /// `monitor-version`: it filters.
    pub monitor_version_filters: bool,
    /// `name-characters`: only some may stand in a name.
    pub names_are_restricted: bool,
    /// `zone-node-ids`: each node of an instance over several zones is named by its id.
    pub zone_changes_need_node_ids: bool,
    /// `clone-time`: only an instance in SecondLevelBackup goes back to a second.
    pub clone_time_needs_second_level: bool,
    /// `cloud-version-sale`: it is suspended.
    pub cloud_version_is_not_sold: bool,
    /// `security-groups-of-none`: asking for those of no instance is answered.
    pub no_ids_have_no_security_groups: bool,
    /// `task-list-reach`: thirty days, whatever BeginTime says.
    pub task_list_ends_thirty_days_ago: bool,
    /// `common-list-limit`: 100 rows.
    pub common_list_shows_100: bool,
    /// `never-renewed`: isolated when the time is up.
    pub never_renewed_have_no_grace: bool,
    /// `dedicated-cluster-id`: an ordered instance shows its cluster's.
    pub orders_show_dedicated_cluster: bool,
    /// `encrypted-password`: its plain text cannot be checked.
    pub encrypted_passwords_are_not_checked: bool,
    /// `price-of-unsold-type`: refused as other wrong specs are.
    pub unsold_types_are_wrong_specs: bool,
    /// `replication-types`: clusters alone are in replication groups.
    pub replication_is_for_clusters: bool,
    /// `replication-master-replicas`: one that writes in a group has two replicas or more.
    pub replication_masters_have_two_replicas: bool,
    /// `replication-zones`: one that joins stands in a zone that DescribeGlobalReplicationArea lists.
    pub replication_zones_are_listed: bool,
    /// `network-quotas`: the documented numbers of VPCs, subnets, groups and rules are the most.
    pub network_quotas_hold: bool,
    /// `long-backup-storage`: backups by hand are kept for more than seven days without a ticket.
    pub long_storage_needs_no_ticket: bool,
    /// `backup-download`: where nothing was set, backups are downloaded from everywhere.
    pub backups_are_downloaded_from_anywhere: bool,
    /// `withdrawn-actions`: they are not there any more.
    pub withdrawn_actions_are_offline: bool,
}

/// What becomes of an order without a VPC, outside of financial regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BaseNetwork {
    /// Refused: the account is not on the white list for it.
    WhiteList,
    /// Refused: the base network is closed.
    Closed,
    /// The instance stands in the base network.
    Open,
}

impl Assumed {
    /// What holds unless something else is chosen.
    pub const DEFAULT: Assumed = Assumed {
        whole_floats_are_integers: true,
        startup_has_no_task_id: true,
        redis28_512mb_is_sold: true,
        base_network: BaseNetwork::WhiteList,
        multi_zone_stays_standard: true,
        window_task_ends_first: true,
        orders_show_adding: true,
        cam_task_list_is_of_an_instance: true,
        cam_instance_list_is_of_instances: true,
        missing_replicas_are_one: false,
        log_instance_list_has_newer_rate: true,
        instance_events_have_newer_rate: true,
        monitor_version_filters: false,
        names_are_restricted: true,
        zone_changes_need_node_ids: true,
        clone_time_needs_second_level: true,
        cloud_version_is_not_sold: true,
        no_ids_have_no_security_groups: true,
        task_list_ends_thirty_days_ago: true,
        common_list_shows_100: true,
        never_renewed_have_no_grace: true,
        orders_show_dedicated_cluster: true,
        encrypted_passwords_are_not_checked: true,
        unsold_types_are_wrong_specs: true,
        replication_is_for_clusters: false,
        replication_masters_have_two_replicas: false,
        replication_zones_are_listed: false,
        network_quotas_hold: true,
        long_storage_needs_no_ticket: true,
        backups_are_downloaded_from_anywhere: true,
        withdrawn_actions_are_offline: false,
    };
}

impl Default for Assumed {
    fn default() -> Assumed {
        Assumed::DEFAULT
    }
}
