package crslocal;

import static crslocal.Clients.client;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesResponse;
import com.tencentcloudapi.redis.v20180412.models.InstanceSet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list that is longer than a page. */
class PagingTest {
  private static final int COUNT = 250;

  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @ParameterizedTest
  @ValueSource(longs = {20, 50, 99, 1000})
  void everyInstanceIsListedOnce(long limit, @TempDir Path folder) throws Exception {
    Set<String> ids = new TreeSet<>();
    for (int number = 0; number < COUNT; number++) {
      ids.add(String.format("crs-page%04d", number));
    }
    Path many = Files.writeString(folder.resolve("many.json"), fixture(ids).toString());
    RedisClient client = client(servers.start("--fixture", many.toString()));

    Set<String> seen = new TreeSet<>();
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setLimit(limit);
    long offset = 0;
    long total;
    do {
      request.setOffset(offset);
      DescribeInstancesResponse page = client.DescribeInstances(request);
      total = page.getTotalCount();
      assertEquals(COUNT, total);
      for (InstanceSet instance : page.getInstanceSet()) {
        assertTrue(seen.add(instance.getInstanceId()), instance.getInstanceId() + " comes twice");
      }
      offset += limit;
    } while (offset < total);
    assertEquals(ids, seen);

    request.setOffset(offset);
    assertEquals(0, client.DescribeInstances(request).getInstanceSet().length, "past the end");
  }

  private static JsonObject fixture(Set<String> ids) {
    JsonArray instances = new JsonArray();
    for (String id : ids) {
      JsonObject instance = new JsonObject();
      instance.addProperty("InstanceId", id);
      instance.addProperty("TypeId", 2);
      instance.addProperty("MemSize", 1024);
      instances.add(instance);
    }
    JsonObject account = new JsonObject();
    account.add("Instances", instances);
    JsonArray accounts = new JsonArray();
    accounts.add(account);
    JsonObject fixture = new JsonObject();
    fixture.add("Accounts", accounts);
    return fixture;
  }
}
