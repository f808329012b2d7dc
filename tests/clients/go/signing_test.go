package clients

// How a call travels: signature and HTTP methods, tokens, languages, connections. The servers are
// strict, so that nothing is let in that was not verified.

import (
	"regexp"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

var signMethods = []string{"TC3-HMAC-SHA256", "HmacSHA1", "HmacSHA256"}

func TestEverySignatureOverEveryMethod(t *testing.T) {
	for _, signMethod := range signMethods {
		for _, reqMethod := range []string{"POST", "GET"} {
			t.Run(signMethod+" "+reqMethod, func(t *testing.T) {
				as := plain(serve(t, "--auth", "strict"))
				as.SignMethod = signMethod
				as.HttpProfile.ReqMethod = reqMethod
				client := connectWith(t, key, region, as)

				upgrades(t, client, upgradeOf(instanceID, 4096))
				equal(t, "Size", *passesInto(t, client, instanceID, running).Size, 4096)

				// Lists and characters that encoders treat differently.
				filter := redis.NewDescribeInstancesRequest()
				filter.InstanceName = common.StringPtr("(redis)*!~'测试 <a>&b=c+d/%")
				filter.SearchKeys = common.StringPtrs([]string{"k 1", "k&2"})
				filter.Limit = common.Uint64Ptr(5)
				equal(t, "TotalCount", *described(t, client, filter).TotalCount, 0)

				impostor := connectWith(t, common.NewCredential(key.SecretId, "wrong"), region, as)
				_, err := impostor.DescribeInstances(redis.NewDescribeInstancesRequest())
				refusedWith(t, "AuthFailure.SignatureFailure", err)
			})
		}
	}
}

func TestAPayloadThatIsNotSigned(t *testing.T) {
	as := plain(serve(t, "--auth", "strict"))
	as.UnsignedPayload = true
	client := connectWith(t, key, region, as)
	upgrades(t, client, upgradeOf(instanceID, 4096))
	equal(t, "Size", *passesInto(t, client, instanceID, running).Size, 4096)
}

func TestATemporaryKeyComesWithItsToken(t *testing.T) {
	server := serveFixture(t, `{"Accounts": [{
		"Credentials": [{"SecretId": "AKIDtemporary", "SecretKey": "short-lived", "Token": "a-token"}],
		"Instances": [{"InstanceId": "crs-5qlrlhux"}]}]}`, "--auth", "strict")
	for _, signMethod := range signMethods {
		as := plain(server)
		as.SignMethod = signMethod
		with := func(token string) *redis.Client {
			return connectWith(t, common.NewTokenCredential("AKIDtemporary", "short-lived", token), region, as)
		}
		instance(t, with("a-token"), instanceID)
		for _, token := range []string{"another-token", ""} {
			_, err := with(token).DescribeInstances(redis.NewDescribeInstancesRequest())
			refusedWith(t, "AuthFailure.TokenFailure", err)
		}
	}
}

func TestTheLanguageIsThatOfTheMessage(t *testing.T) {
	server := serve(t)
	for language, word := range map[string]string{"zh-CN": "签名", "en-US": "signature"} {
		for _, signMethod := range signMethods {
			as := plain(server)
			as.Language = language
			as.SignMethod = signMethod
			client := connectWith(t, common.NewCredential(key.SecretId, "wrong"), region, as)
			_, err := client.DescribeInstances(redis.NewDescribeInstancesRequest())
			refusal := refused(t, err)
			equal(t, "code", refusal.GetCode(), "AuthFailure.SignatureFailure")
			if !regexp.MustCompile(word).MatchString(refusal.GetMessage()) {
				t.Fatalf("%s: %s", language, refusal.GetMessage())
			}
		}
	}
}

func TestAnUnsignedCallIsLetInByALenientServerAlone(t *testing.T) {
	unsigned := redis.NewDescribeInstancesRequest()
	unsigned.SetSkipSign(true)
	described(t, connect(t, serve(t)), unsigned)

	strict := connect(t, serve(t, "--auth", "strict"))
	again := redis.NewDescribeInstancesRequest()
	again.SetSkipSign(true)
	_, err := strict.DescribeInstances(again)
	if code := refused(t, err).GetCode(); !regexp.MustCompile(`^AuthFailure\.`).MatchString(code) {
		t.Fatalf("code: %s", code)
	}
}

func TestConnectionsAreKeptOrNot(t *testing.T) {
	server := serve(t)
	for kept, opened := range map[bool]int{true: 1, false: 5} {
		counted := roadTo(server.host)
		counted.DisableKeepAlives = !kept
		client := connect(t, server)
		client.WithHttpTransport(counted)
		for calls := 0; calls < 5; calls++ {
			instance(t, client, instanceID)
		}
		equal(t, "connections", len(counted.dialed), opened)
		counted.CloseIdleConnections()
	}
}

func TestAHostNameAsTheEndpoint(t *testing.T) {
	server := serve(t, "--auth", "strict")
	for _, endpoint := range []string{"localhost:8239", "redis.tc.test", "redis.tc.test/some/path"} {
		as := plain(server)
		as.HttpProfile.Endpoint = endpoint
		client := connectWith(t, key, region, as)
		client.WithHttpTransport(roadTo(server.host))
		instance(t, client, instanceID)
	}
	// The service's name and a root domain make the endpoint.
	as := plain(server)
	as.HttpProfile.Endpoint = ""
	as.HttpProfile.RootDomain = "tc.test:8239"
	client := connectWith(t, key, region, as)
	through := roadTo(server.host)
	client.WithHttpTransport(through)
	instance(t, client, instanceID)
	equal(t, "host", through.sent[0], "redis.tc.test:8239")
}
