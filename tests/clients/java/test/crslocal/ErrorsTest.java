package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.LOCAL;
import static crslocal.Clients.call;
import static crslocal.Clients.client;
import static crslocal.Clients.http;
import static crslocal.Clients.instance;
import static crslocal.Clients.json;
import static crslocal.Clients.refused;
import static crslocal.Clients.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.common.AbstractModel;
import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.HttpProfile;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesResponse;
import com.tencentcloudapi.redis.v20180412.models.UpgradeInstanceRequest;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Errors as the SDK's exception: exactly that code, a message, and the id of the request. */
class ErrorsTest {
  @RegisterExtension final Server.Starter servers = new Server.Starter();

  /** The seed `fixtures/errors/CODE.json`, and the size in MB to ask for. */
  private static final Map<String, Long> FOUNDING =
      Map.of(
          "InvalidParameterValue.MemSizeNotInRange", 1048576L,
          "InvalidParameterValue.ReduceCapacityNotAllowed", 2048L,
          "LimitExceeded.InvalidMemSize", 4000L,
          "ResourceNotFound.InstanceNotExists", 4096L,
          "ResourceUnavailable.AccountBalanceNotEnough", 4096L,
          "ResourceUnavailable.InstanceStatusAbnormal", 4096L,
          "UnauthorizedOperation.NoCAMAuthed", 4096L);

  static Stream<Arguments> foundingErrors() {
    return FOUNDING.keySet().stream()
        .sorted()
        .flatMap(code -> Form.all().map(form -> Arguments.of(code, form)));
  }

  @ParameterizedTest
  @MethodSource("foundingErrors")
  void aFoundingErrorComesOutOfTheSdk(String code, Form form) throws Exception {
    String seed = Server.ROOT.resolve("fixtures/errors/" + code + ".json").toString();
    RedisClient client = client(servers.start("--fixture", seed), form);
    String before = instances(client);
    TencentCloudSDKException refusal =
        refused(() -> upgrade(client, INSTANCE, FOUNDING.get(code)));
    assertEquals(code, refusal.getErrorCode());
    assertEquals(before, instances(client), "a refusal changes nothing");
  }

  private static String instances(RedisClient client) throws TencentCloudSDKException {
    DescribeInstancesResponse found = client.DescribeInstances(new DescribeInstancesRequest());
    found.setRequestId(null);
    return AbstractModel.toJsonString(found);
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void aWrongSecretKeyIsRefused(Form form) throws Exception {
    RedisClient client = client(servers.start(), form, new Credential("AKIDlocal", "wrong"));
    assertEquals(
        "AuthFailure.SignatureFailure", refused(() -> instance(client, INSTANCE)).getErrorCode());
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void anUnknownSecretIdIsTakenUnlessStrict(Form form) throws Exception {
    Credential stranger = new Credential("AKIDstranger", "stranger");
    RedisClient lenient = client(servers.start(), form, stranger);
    assertEquals(1024, instance(lenient, INSTANCE).getSize());
    RedisClient strict = client(servers.start("--auth", "strict"), form, stranger);
    assertEquals(
        "AuthFailure.SecretIdNotFound", refused(() -> instance(strict, INSTANCE)).getErrorCode());
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void aMissingMemberIsNamed(Form form) throws Exception {
    RedisClient client = client(servers.start(), form);
    UpgradeInstanceRequest request = new UpgradeInstanceRequest();
    request.setInstanceId(INSTANCE);
    TencentCloudSDKException refusal = refused(() -> client.UpgradeInstance(request));
    assertEquals("MissingParameter", refusal.getErrorCode());
    assertTrue(refusal.getMessage().contains("MemSize"), refusal.getMessage());
  }

  /** `set` is the SDK's way to send a member that it does not know. */
  @Test
  void aMisspeltMemberIsNamed() throws Exception {
    RedisClient client = client(servers.start());
    UpgradeInstanceRequest request = new UpgradeInstanceRequest();
    request.setInstanceId(INSTANCE);
    request.setMemSize(4096L);
    request.set("RedisShards", 3);
    TencentCloudSDKException refusal = refused(() -> client.UpgradeInstance(request));
    assertEquals("UnknownParameter", refusal.getErrorCode());
    assertTrue(refusal.getMessage().contains("RedisShards"), refusal.getMessage());
  }

  @Test
  void aWrongTypeIsRefused() throws Exception {
    Server server = servers.start();
    TencentCloudSDKException refusal =
        refused(
            () -> call(server, "UpgradeInstance", json("{'InstanceId':'x','MemSize':'much'}")));
    assertEquals("InvalidParameter", refusal.getErrorCode());
    assertTrue(refusal.getMessage().contains("MemSize"), refusal.getMessage());
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void anUnknownRegionIsRefused(Form form) throws Exception {
    RedisClient client = client(servers.start(), form);
    client.setRegion("ap-nowhere");
    assertEquals(
        "InvalidParameterValue", refused(() -> instance(client, INSTANCE)).getErrorCode());
  }

  /** A financial region has a host name of its own; the ordinary one does not lead there. */
  @Test
  void aFinancialRegionIsNotBehindTheOrdinaryDoor() throws Exception {
    Server server = servers.start();
    HttpProfile http = http(server, Form.USUAL);
    http.setEndpoint(null);
    http.setProxyHost("127.0.0.1");
    http.setProxyPort(server.port);
    ClientProfile profile = new ClientProfile(ClientProfile.SIGN_TC3_256, http);
    RedisClient client = new RedisClient(LOCAL, "ap-shanghai-fsi", profile);
    assertEquals(
        "UnsupportedRegion", refused(() -> instance(client, INSTANCE)).getErrorCode());
    http.setEndpoint("redis.ap-shanghai-fsi.tencentcloudapi.com");
    assertEquals("crs-finance0", instance(client, "crs-finance0").getInstanceId());
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void aFaultOfTheCloudIsAnErrorLikeAnyOther(Form form) throws Exception {
    Server server = servers.start();
    RedisClient client = client(server, form);
    server.fault("UpgradeInstance", "InternalError", 1);
    assertEquals(
        "InternalError", refused(() -> upgrade(client, INSTANCE, 4096)).getErrorCode());
    assertTrue(upgrade(client, INSTANCE, 4096).getDealId().matches("\\d+"), "it was met once");
  }
}
