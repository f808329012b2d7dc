package crslocal;

import static crslocal.Clients.INSTANCE;
import static crslocal.Clients.LOCAL;
import static crslocal.Clients.client;
import static crslocal.Clients.http;
import static crslocal.Clients.instance;
import static crslocal.Clients.refused;
import static crslocal.Clients.upgrade;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tencentcloudapi.common.Credential;
import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import com.tencentcloudapi.common.profile.ClientProfile;
import com.tencentcloudapi.common.profile.Language;
import com.tencentcloudapi.redis.v20180412.RedisClient;
import com.tencentcloudapi.redis.v20180412.models.DescribeInstancesRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every signature the SDK can write, to a server that refuses whatever the real service refuses. */
class SigningTest {
  @RegisterExtension final Server.Starter servers = new Server.Starter();

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void listsAndOtherScriptsAreSigned(Form form) throws Exception {
    RedisClient client = client(servers.start("--auth", "strict"), form);
    DescribeInstancesRequest request = new DescribeInstancesRequest();
    request.setSearchKeys(new String[] {"名称 a&b=c+d/*~", "redis-2.8"});
    request.setInstanceId(INSTANCE);
    request.setLimit(10L);
    assertEquals(1L, client.DescribeInstances(request).getTotalCount());
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void aTemporaryKeyNeedsItsToken(Form form) throws Exception {
    Server server = servers.with("instances");
    Credential whole = new Credential("AKIDtemporary", "temporary", "token-of-an-hour");
    assertEquals(1024, instance(client(server, form, whole), "crs-postpaid").getSize());

    for (String token : new String[] {"", "another"}) {
      RedisClient client =
          client(server, form, new Credential("AKIDtemporary", "temporary", token));
      TencentCloudSDKException refusal = refused(() -> instance(client, "crs-postpaid"));
      assertEquals("AuthFailure.TokenFailure", refusal.getErrorCode());
    }
  }

  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void messagesComeInTheLanguageThatIsAskedFor(Form form) throws Exception {
    Server server = servers.start();
    RedisClient client = client(server, form, new Credential("AKIDlocal", "wrong"));
    String usual = refused(() -> instance(client, INSTANCE)).getMessage();
    client.getClientProfile().setLanguage(Language.EN_US);
    assertEquals(usual, refused(() -> instance(client, INSTANCE)).getMessage());
    client.getClientProfile().setLanguage(Language.ZH_CN);
    String chinese = refused(() -> instance(client, INSTANCE)).getMessage();
    assertTrue(usual.chars().allMatch(letter -> letter < 128), usual);
    assertTrue(chinese.codePoints().anyMatch(Character::isIdeographic), chinese);
  }

  @Test
  void thePayloadMayBeLeftUnsigned() throws Exception {
    Server server = servers.start("--auth", "strict");
    RedisClient client = client(server);
    client.getClientProfile().setUnsignedPayload(true);
    assertEquals(INSTANCE, instance(client, INSTANCE).getInstanceId());
    assertTrue(upgrade(client, INSTANCE, 4096).getDealId().matches("\\d+"));

    RedisClient stranger = client(server, Form.USUAL, new Credential("AKIDlocal", "wrong"));
    stranger.getClientProfile().setUnsignedPayload(true);
    assertEquals(
        "AuthFailure.SignatureFailure",
        refused(() -> instance(stranger, INSTANCE)).getErrorCode());
  }

  /** With TC3 the SDK sends `X-TC-Region` with nothing in it; in a form it leaves Region out. */
  @ParameterizedTest
  @MethodSource("crslocal.Form#all")
  void anEmptyRegionIsRefused(Form form) throws Exception {
    ClientProfile profile = new ClientProfile(form.signature, http(servers.start(), form));
    RedisClient client = new RedisClient(LOCAL, "", profile);
    TencentCloudSDKException refusal = refused(() -> instance(client, INSTANCE));
    String code = form.isTc3() ? "InvalidParameterValue" : "MissingParameter";
    assertEquals(code, refusal.getErrorCode(), refusal.getMessage());
  }

  /**
   * This version of the SDK has a connection pool for each call, so nothing is used twice and
   * everything is kept open: the server has to bear it, and to go in time all the same.
   */
  @Test
  void connectionsThatAreLeftOpenDoNoHarm() throws Exception {
    Server server = servers.start("--rate-limit", "off");
    RedisClient client = client(server);
    for (int call = 0; call < 60; call++) {
      assertEquals(INSTANCE, instance(client, INSTANCE).getInstanceId());
    }
  }
}
