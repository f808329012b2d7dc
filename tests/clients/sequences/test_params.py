"""tencentcloud_redis_param, tencentcloud_redis_param_template and the data source of records."""

from case import STANDARD, Case
from wire import Refusal


class Params(Case):
    def test_what_is_set_is_read_back_to_the_letter(self):
        instance_id = self.provider.create(STANDARD)
        wanted = {"maxmemory-policy": "allkeys-lru", "timeout": "3600", "notify-keyspace-events": '"eK"'}
        self.assertEqual(self.provider.set_params(instance_id, wanted), 3)
        self.assertEqual(self.provider.set_params(instance_id, wanted), 0, "the second plan")
        found = self.provider.params(instance_id)
        self.assertEqual({key: found[key] for key in wanted}, wanted)
        self.assertEqual(found["disable-command-list"], '""')
        self.assertEqual(self.provider.set_params(instance_id, {**wanted, "timeout": "120"}), 1)
        newest = self.provider.param_records(instance_id)[0]
        seen = [newest[key] for key in ("ParamName", "PreValue", "NewValue", "Status")]
        self.assertEqual(seen, ["timeout", "3600", "120", 2])

    def test_a_wrong_value_changes_nothing(self):
        instance_id = self.provider.create(STANDARD)
        before = self.provider.params(instance_id)
        with self.assertRaises(Refusal) as refused:
            self.provider.set_params(instance_id, {"hz": "20", "timeout": "1"})
        self.assertEqual(refused.exception.code, "InvalidParameter")
        self.assertEqual(self.provider.params(instance_id), before)
        self.assertEqual(self.provider.param_records(instance_id), [])

    def test_records_come_in_pages(self):
        instance_id = self.provider.create(STANDARD)
        for hz in range(11, 34):
            self.provider.set_params(instance_id, {"hz": str(hz)})
        self.assertEqual([row["NewValue"] for row in self.provider.param_records(instance_id)][::22], ["33", "11"])


class Templates(Case):
    def test_a_template_is_made_changed_copied_and_deleted(self):
        overrides = [{"Key": "auto-failback", "Value": "no"}, {"Key": "hz", "Value": "20"}]
        made = self.provider.retried("CreateParamTemplate", Name="template", ProductType=9, ParamList=overrides)
        template_id = made["TemplateId"]
        name, description, product_type, values = self.provider.template(template_id)
        self.assertEqual((name, description, product_type), ("template", "", 9))
        self.assertEqual((values["auto-failback"], values["hz"]), ("no", "20"))
        changed = [{"Key": "hz", "Value": "30"}, {"Key": "timeout", "Value": "3600"}]
        self.provider.retried(
            "ModifyParamTemplate", TemplateId=template_id, Name="template", Description="d", ParamList=changed
        )
        values = self.provider.template(template_id)[3]
        self.assertEqual((values["auto-failback"], values["hz"], values["timeout"]), ("no", "30", "3600"))
        copy = self.provider.retried("CreateParamTemplate", Name="copy", TemplateId=template_id, ParamList=[])
        self.assertEqual(self.provider.template(copy["TemplateId"])[2:], (9, values))
        self.provider.retried("DeleteParamTemplate", TemplateId=template_id)
        with self.assertRaises(Refusal):
            self.provider.template(template_id)

    def test_an_instance_takes_the_values_of_a_template(self):
        instance_id = self.provider.create({**STANDARD, "type_id": 6})
        self.provider.set_params(instance_id, {"hz": "20"})
        applied = self.provider.retried(
            "ApplyParamsTemplate", InstanceIds=[instance_id], TemplateId="default-param-template-6"
        )
        self.provider.wait_task(applied["TaskIds"][0])
        self.assertEqual(self.provider.params(instance_id)["hz"], "10")
