"""Each resource and data source of the provider's Redis part, and the test that makes its calls."""

import re
import unittest

from case import HERE

RESOURCES = {
    "account": "test_accounts.InstanceAccounts.test_an_account_is_made_changed_and_gone",
    "audit_log": "test_logs.AuditLog.test_a_log_is_opened_changed_and_closed",
    "backup_config": "test_backups.Backups.test_the_hour_of_the_daily_backup_is_read_back",
    "backup_download_restriction": "test_backups.Backups.test_a_restriction_keeps_what_an_update_leaves_out",
    "backup_encrypt": "test_backups.Backups.test_encryption_echoes_all_of_its_members",
    "backup_operation": "test_backups.Backups.test_a_backup_is_made_listed_and_downloaded",
    "clear_instance_operation": "test_backups.Backups.test_what_is_cleared_is_waited_for",
    "connection_config": "test_settings.Settings.test_connections_and_bandwidth_are_read_back_and_may_be_repeated",
    "instance": "test_resource.Resource.test_an_instance_of_each_architecture_is_made_and_read_back",
    "instance_password_policy_config": "test_accounts.InstanceAccounts.test_a_policy_is_read_back_and_holds",
    "log_delivery": "test_logs.Delivery.test_a_delivery_by_name_plans_empty_and_is_destroyed",
    "maintenance_window": "test_settings.Settings.test_the_window_is_echoed",
    "param": "test_params.Params.test_what_is_set_is_read_back_to_the_letter",
    "param_template": "test_params.Templates.test_a_template_is_made_changed_copied_and_deleted",
    "read_only": "test_nodes.Nodes.test_input_mode_is_read_back",
    "renew_instance_operation": "test_changes.Operations.test_a_prepaid_instance_is_renewed",
    "replica_readonly": "test_nodes.Nodes.test_replicas_are_read_from_and_may_be_so_already",
    "replicate_attachment": "test_replication.Attachment.test_members_come_change_and_go",
    "security_group_attachment": "test_settings.Settings.test_a_group_is_attached_again_and_taken_off",
    "ssl": "test_settings.Settings.test_ssl_is_turned_on_and_off_and_may_be_so_already",
    "startup_instance_operation": "test_resource.Resource.test_an_instance_that_is_isolated_can_be_started_again",
    "switch_master": "test_nodes.Nodes.test_a_group_is_promoted_and_groups_keep_their_place",
    "upgrade_cache_version_operation": "test_changes.Operations.test_the_kernel_is_upgraded",
    "upgrade_multi_zone_operation": "test_changes.Operations.test_several_zones_are_made_possible",
    "upgrade_proxy_version_operation": "test_changes.Operations.test_the_proxy_is_upgraded",
}
DATA_SOURCES = {
    "backup": "test_backups.Backups.test_more_than_a_page_is_paged",
    "backup_download_info": "test_backups.Backups.test_a_backup_is_made_listed_and_downloaded",
    "clusters": "test_data_sources.Clusters.test_dedicated_clusters_are_listed_to_the_end",
    "instance_node_info": "test_nodes.Nodes.test_a_standard_instance_has_nodes_and_no_shards",
    "instance_shards": "test_nodes.Nodes.test_every_member_of_a_shard_is_set",
    "instance_task_list": "test_data_sources.Sold.test_tasks_are_listed_to_the_end",
    "instance_zone_info": "test_nodes.Nodes.test_the_first_group_has_a_name_and_its_node_a_slot",
    "instances": "test_data_sources.Instances.test_pages_of_two_show_every_instance_once",
    "param_records": "test_params.Params.test_records_come_in_pages",
    "zone_config": "test_data_sources.Sold.test_what_is_sold_can_be_ordered",
}
# Younger than the provider whose configurations stand in `terraform/`.
NEWER = {"backup_encrypt", "instance_password_policy_config"}


class Names(unittest.TestCase):
    def test_each_has_a_test(self):
        for name, test in {**RESOURCES, **DATA_SOURCES}.items():
            loaded = unittest.defaultTestLoader.loadTestsFromName(test)
            self.assertEqual([one.id() for one in loaded], [test], name)

    def test_they_are_those_of_the_configurations(self):
        texts = [main.read_text() for main in (HERE.parent / "terraform").glob("*/main.tf")]
        stated = lambda kind: {
            name for text in texts for name in re.findall(rf'^{kind} "tencentcloud_redis_(\w+)"', text, re.MULTILINE)
        }
        self.assertEqual(stated("resource"), RESOURCES.keys() - NEWER)
        self.assertEqual(stated("data"), DATA_SOURCES.keys())
        self.assertEqual(len(RESOURCES) + len(DATA_SOURCES), 33 + len(NEWER))
