package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.RUNNING;
import static crslocal.Clients.call;
import static crslocal.Clients.client;
import static crslocal.Clients.eventually;
import static crslocal.Clients.instance;
import static crslocal.Clients.json;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.CreateInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesResponse;
import com.tencentcloudapi.redis.v20180412.models.DescribeTaskInfoRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeTaskListRequest;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import com.tencentcloudapi.redis.v20180412.models.RedisNodeInfo;
import com.tencentcloudapi.redis.v20180412.models.ResourceTag;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values of every kind, in both directions. */
class ValuesTest {
  private static final String NAME = "订单缓存-1_a";
  private static final long[] ZONES = {100003, 100004, 100006};

  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void anOrderWithListsObjectsAndBooleans(Form form) throws Exception {
    RedisClient client = client(servers.start("--auth", "strict", "--flow-time", "500ms"), form);
    String[] ids = client.CreateInstances(order()).getInstanceIds();
    assertEquals(1, ids.length);

    InstanceSet seen = eventually(client, ids[0], found -> found.getStatus() == RUNNING);
    assertEquals(NAME, seen.getInstanceName());
    assertTrue(seen.getNoAuth());
    assertEquals(6380L, seen.getPort());
    assertEquals(0L, seen.getProjectId());
    assertEquals(2, seen.getInstanceTags().length);
    assertEquals("team", seen.getInstanceTags()[0].getTagKey());
    assertEquals("支付", seen.getInstanceTags()[0].getTagValue());
    assertEquals("a&b=c d", seen.getInstanceTags()[1].getTagValue());
    assertArrayEquals(
        ZONES, Arrays.stream(seen.getNodeSet()).mapToLong(RedisNodeInfo::getZoneId).toArray());
    assertTrue(Arrays.stream(seen.getNodeSet()).allMatch(node -> node.getNodeId() > 0));
  }

  private static CreateInstancesRequest order() {
    CreateInstancesRequest order = new CreateInstancesRequest();
    order.setTypeId(17L);
    order.setMemSize(2048L);
    order.setGoodsNum(1L);
    order.setPeriod(1L);
    order.setBillingMode(0L);
    order.setZoneName("ap-guangzhou-3");
    order.setVpcId("vpc-8xm0r2ks");
    order.setSubnetId("subnet-1jq7f0ue");
    order.setInstanceName(NAME);
    order.setNoAuth(true);
    order.setReplicasReadonly(false);
    order.setRedisShardNum(1L);
    order.setRedisReplicasNum(2L);
    order.setSecurityGroupIdList(new String[] {"sg-kjf3e0wx", "sg-0pq2rn5t"});
    order.setNodeSet(
        new RedisNodeInfo[] {node(0, ZONES[0]), node(1, ZONES[1]), node(1, ZONES[2])});
    order.setResourceTags(new ResourceTag[] {tag("team", "支付"), tag("env", "a&b=c d")});
    order.setVPort(6380L);
    return order;
  }

  private static RedisNodeInfo node(long type, long zoneId) {
    RedisNodeInfo node = new RedisNodeInfo();
    node.setNodeType(type);
    node.setZoneId(zoneId);
    return node;
  }

  private static ResourceTag tag(String key, String value) {
    ResourceTag tag = new ResourceTag();
    tag.setTagKey(key);
    tag.setTagValue(value);
    return tag;
  }

  @Test
  void emptyListsAreListsBothWays() throws Exception {
    RedisClient client = client(servers.start());
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setInstanceId(INSTANCE);
    request.setSearchKeys(new String[0]);
    request.setStatus(new Long[0]);
    InstanceSet seen = client.DescribeInstances(request).getInstanceSet()[0];
    assertEquals(0, seen.getInstanceTags().length);
    assertEquals(0, seen.getInstanceNode().length);
    assertEquals(0, seen.getNodeSet().length);
    assertFalse(seen.getNoAuth());

    request.setInstanceId("crs-00000000");
    DescribeInstancesResponse nothing = client.DescribeInstances(request);
    assertEquals(0L, nothing.getTotalCount());
    assertEquals(0, nothing.getInstanceSet().length);
    assertTrue(nothing.getRequestId().matches(Clients.UUID), nothing.getRequestId());
  }

  /** 2^53 + 1, the first whole number that a double cannot hold. */
  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void numbersOf64BitsStayExact(Form form) throws Exception {
    long taskId = 9007199254740993L;
    RedisClient client = client(servers.with("instances"), form);
    DescribeTaskInfoRequest one = new DescribeTaskInfoRequest();
    one.setTaskId(taskId);
    assertEquals("crs-postpaid", client.DescribeTaskInfo(one).getInstanceId());
    DescribeTaskListRequest list = new DescribeTaskListRequest();
    list.setInstanceId("crs-postpaid");
    assertEquals(taskId, client.DescribeTaskList(list).getTasks()[0].getTaskId());
  }

  /** Gson would read 6379.0 into a Long without a word, so the text of the answer is looked at. */
  @Test
  void wholeNumbersHaveNoPoint() throws Exception {
    JsonObject answer =
        call(servers.start(), "DescribeInstances", json("{'InstanceId':'" + INSTANCE + "'}"));
    JsonObject seen = answer.getAsJsonArray("InstanceSet").get(0).getAsJsonObject();
    for (String member :
        new String[] {"Port", "Status", "Type", "ZoneId", "Appid", "RedisShardSize", "NetLimit"}) {
      assertTrue(seen.get(member).getAsString().matches("\\d+"), member + seen.get(member));
    }
    assertEquals("1", answer.get("TotalCount").getAsString());
  }

  /** What is null is what is left out; the SDK's own requests never say null. */
  @Test
  void nullStandsForNothing() throws Exception {
    Server server = servers.start();
    JsonObject answer =
        call(
            server,
            "DescribeInstances",
            json("{'InstanceId':'" + INSTANCE + "','Limit':null,'SearchKeys':null}"));
    assertEquals(1, answer.get("TotalCount").getAsInt());

    CreateInstancesRequest order = order();
    order.setResourceTags(new ResourceTag[] {new ResourceTag()}); // as the official example
    RedisClient client = client(server);
    String id = client.CreateInstances(order).getInstanceIds()[0];
    assertEquals(0, instance(client, id).getInstanceTags().length);
  }
}
