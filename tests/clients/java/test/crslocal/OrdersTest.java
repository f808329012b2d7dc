package crslocal;

import static crslocal.Clients.RUNNING;
import static crslocal.Clients.call;
import static crslocal.Clients.client;
import static crslocal.Clients.dealOf;
import static crslocal.Clients.delivered;
import static crslocal.Clients.eventually;
import static crslocal.Clients.instance;
import static crslocal.Clients.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.CreateInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.CreateInstancesResponse;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstanceDealDetailRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.InquiryPriceCreateInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.InquiryPriceRenewInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.InquiryPriceUpgradeInstanceRequest;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import com.tencentcloudapi.redis.v20180412.models.RenewInstanceRequest;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What is bought and what it costs. ModifyInstanceChargeType and CloneInstances are newer than this
 * version of the SDK and are called by name.
 */
class OrdersTest {
  private static final String POSTPAID = "crs-postpaid";
  private static final String PREPAID = "crs-prepaid0";

  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @Test
  void whatWasBoughtIsListedAtOnceAndRunsInTheEnd() throws Exception {
    RedisClient client = client(servers.start("--flow-time", "500ms"));
    CreateInstancesRequest order = new CreateInstancesRequest();
    order.setTypeId(8L);
    order.setMemSize(2048L);
    order.setRedisShardNum(1L);
    order.setRedisReplicasNum(1L);
    order.setGoodsNum(2L);
    order.setPeriod(1L);
    order.setBillingMode(0L);
    order.setZoneName("ap-guangzhou-3");
    order.setVpcId("vpc-8xm0r2ks");
    order.setSubnetId("subnet-1jq7f0ue");
    order.setInstanceName("orders");
    order.setPassword("correct-Horse_7");
    CreateInstancesResponse bought = client.CreateInstances(order);
    assertEquals(2, Set.of(bought.getInstanceIds()).size());
    for (String instanceId : bought.getInstanceIds()) {
      InstanceSet fresh = instance(client, instanceId);
      assertTrue(List.of(0L, 1L).contains(fresh.getStatus()), "status " + fresh.getStatus());
      assertEquals(8L, fresh.getType());
      assertEquals(2048, fresh.getSize());
    }
    for (String instanceId : bought.getInstanceIds()) {
      eventually(client, instanceId, seen -> seen.getStatus() == RUNNING);
    }
    delivered(client, bought.getDealId(), bought.getInstanceIds());
  }

  @Test
  void anUnknownDealIsNoDeal() throws Exception {
    DescribeInstanceDealDetailRequest request = new DescribeInstanceDealDetailRequest();
    request.setDealIds(new String[] {"1"});
    RedisClient client = client(servers.start());
    assertEquals(0, client.DescribeInstanceDealDetail(request).getDealDetails().length);
  }

  @Test
  void aRenewalMovesTheEndByItsMonths() throws Exception {
    RedisClient client = client(servers.with("instances"));
    InquiryPriceRenewInstanceRequest price = new InquiryPriceRenewInstanceRequest();
    price.setInstanceId(PREPAID);
    price.setPeriod(3L);
    assertTrue(client.InquiryPriceRenewInstance(price).getPrice() > 0);

    RenewInstanceRequest renew = new RenewInstanceRequest();
    renew.setInstanceId(PREPAID);
    renew.setPeriod(3L);
    String dealId = client.RenewInstance(renew).getDealId();
    InstanceSet renewed =
        eventually(
            client, PREPAID, seen -> seen.getDeadlineTime().equals("2036-04-15 10:00:00"));
    assertEquals(RUNNING, renewed.getStatus());
    delivered(client, dealId, PREPAID);
  }

  @Test
  void theChargeTypeIsSwitchedAndFailuresAreListed() throws Exception {
    Server server = servers.with("instances");
    RedisClient client = client(server);
    JsonObject already =
        call(
            server,
            "ModifyInstanceChargeType",
            json("{'InstanceIds':['crs-postpaid'],'InstanceChargeType':'POSTPAID'}"));
    JsonArray failed = already.getAsJsonArray("FailedInstanceIds");
    assertEquals(1, failed.size());
    JsonObject failure = failed.get(0).getAsJsonObject();
    assertEquals(POSTPAID, failure.get("InstanceId").getAsString());
    assertTrue(failure.get("Message").getAsString().contains("postpaid"), failure.toString());
    assertEquals(0L, instance(client, POSTPAID).getBillingMode());

    JsonObject switched =
        call(
            server,
            "ModifyInstanceChargeType",
            json("{'InstanceIds':['crs-postpaid'],'InstanceChargeType':'PREPAID','Period':1}"));
    assertEquals(0, switched.getAsJsonArray("FailedInstanceIds").size());
    eventually(
        client, POSTPAID, seen -> seen.getStatus() == RUNNING && seen.getBillingMode() == 1);
  }

  @Test
  void aCloneOfABackupIsAnInstanceOfItsOwn() throws Exception {
    Server server = servers.with("instances", "clones");
    RedisClient client = client(server);
    JsonObject order =
        json(
            "{'InstanceId':'crs-postpaid','BackupId':'165706342-5832225-1641692389',"
                + "'GoodsNum':1,'ZoneId':100003,'BillingMode':0,'Period':1,"
                + "'SecurityGroupIdList':['sg-kjf3e0wx'],'InstanceName':'clone',"
                + "'VpcId':'vpc-local000','SubnetId':'subnet-local000',"
                + "'Password':'correct-Horse_7'}");
    JsonObject cloned = call(server, "CloneInstances", order);
    assertEquals(1, cloned.getAsJsonArray("InstanceIds").size());
    String instanceId = cloned.getAsJsonArray("InstanceIds").get(0).getAsString();
    assertNotEquals(POSTPAID, instanceId);
    InstanceSet clone = eventually(client, instanceId, seen -> seen.getStatus() == RUNNING);
    assertEquals(8L, clone.getType());
    assertEquals(1024, clone.getSize());
    assertEquals("clone", clone.getInstanceName());
    delivered(client, dealOf(cloned), instanceId);
  }

  /** The first is the official example of the action, whose price this is, in hundredths of CNY. */
  @Test
  void aPriceIsToldBeforeAnythingIsOrdered() throws Exception {
    RedisClient client = client(servers.with("instances"));
    InquiryPriceCreateInstanceRequest create = new InquiryPriceCreateInstanceRequest();
    create.setTypeId(9L);
    create.setMemSize(4096L);
    create.setRedisShardNum(1L);
    create.setRedisReplicasNum(1L);
    create.setGoodsNum(3L);
    create.setPeriod(1L);
    create.setBillingMode(0L);
    create.setZoneName("ap-guangzhou-3");
    assertEquals(280, client.InquiryPriceCreateInstance(create).getPrice());

    InquiryPriceUpgradeInstanceRequest upgrade = new InquiryPriceUpgradeInstanceRequest();
    upgrade.setInstanceId(POSTPAID);
    upgrade.setMemSize(2048L);
    assertTrue(client.InquiryPriceUpgradeInstance(upgrade).getPrice() > 0);
    assertEquals(
        7L, client.DescribeInstances(new DescribeInstancesRequest()).getTotalCount());
  }
}
