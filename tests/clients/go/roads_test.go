package clients

// Roads to the server other than its address: as a proxy, and as the cloud itself over HTTPS.

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	redis "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/redis/v20180412"
)

const domain = "tencentcloudapi.com"

func TestAsTheProxyOfTheEnvironment(t *testing.T) {
	printed, err := ordinary(t, "HTTP", "", "HTTP_PROXY="+serve(t, "--auth", "strict").url)
	equal(t, "printed", printed, "4096\n")
	must(t, err)
}

// proxied is a profile that changes nothing but the protocol and the proxy.
func proxied(s *server) *profile.ClientProfile {
	as := profile.NewClientProfile()
	as.HttpProfile.Scheme = "HTTP"
	as.HttpProfile.Proxy = s.url
	return as
}

func TestAsTheProxyOfTheProfile(t *testing.T) {
	for _, signMethod := range signMethods {
		as := proxied(serve(t, "--auth", "strict"))
		as.SignMethod = signMethod
		client := connectWith(t, key, region, as)
		upgrades(t, client, upgradeOf(instanceID, 4096))
		equal(t, "Size", *passesInto(t, client, instanceID, running).Size, 4096)
	}
}

func TestTheDoorsOfFinancialRegions(t *testing.T) {
	server := serve(t)
	const financial = "ap-shanghai-fsi"
	own := proxied(server)
	own.HttpProfile.Endpoint = "redis." + financial + "." + domain

	client := connectWith(t, key, financial, own)
	if *described(t, client, redis.NewDescribeInstancesRequest()).TotalCount == 0 {
		t.Fatal("no instance in the financial region")
	}
	_, err := connectWith(t, key, financial, proxied(server)).DescribeInstances(redis.NewDescribeInstancesRequest())
	refusedWith(t, "UnsupportedRegion", err)
	_, err = connectWith(t, key, region, own).DescribeInstances(redis.NewDescribeInstancesRequest())
	refusedWith(t, "UnsupportedRegion", err)
}

// serveTLS is a server that also speaks HTTPS, at that address, and its CA's certificate.
func serveTLS(t *testing.T) (s *server, address string, ca []byte) {
	t.Helper()
	address = fmt.Sprintf("127.0.0.1:%d", freePort(t))
	s = serve(t, "--tls", "--tls-listen", address, "--auth", "strict")
	return s, address, s.control(t, "GET", "/ca.pem", "")
}

func TestHttpsWithTheCaThatTheEnvironmentNames(t *testing.T) {
	_, address, ca := serveTLS(t)
	printed, err := ordinary(t, "HTTPS", address, "SSL_CERT_FILE="+write(t, "ca.pem", string(ca)))
	equal(t, "printed", printed, "4096\n")
	must(t, err)

	printed, err = ordinary(t, "HTTPS", address)
	if err == nil || !strings.Contains(printed, "certificate") {
		t.Fatalf("a stranger to the CA connected: %s", printed)
	}
}

func TestCodeThatChangesNothingAtAllByProxyAndCaOfTheEnvironment(t *testing.T) {
	s, _, ca := serveTLS(t)
	printed, err := ordinary(t, "HTTPS", "", "HTTPS_PROXY="+s.url, "SSL_CERT_FILE="+write(t, "ca.pem", string(ca)))
	equal(t, "printed", printed, "4096\n")
	must(t, err)
}

func TestHttpsUnderTheCloudsOwnName(t *testing.T) {
	_, address, ca := serveTLS(t)
	trusted := x509.NewCertPool()
	if !trusted.AppendCertsFromPEM(ca) {
		t.Fatalf("no certificate: %s", ca)
	}
	for _, endpoint := range []string{"", "redis.ap-guangzhou." + domain} {
		as := profile.NewClientProfile() // nothing changed but the endpoint
		as.HttpProfile.Endpoint = endpoint
		client := connectWith(t, key, region, as)
		through := roadTo(address)
		through.TLSClientConfig = &tls.Config{RootCAs: trusted}
		client.WithHttpTransport(through)
		instance(t, client, instanceID)
		through.CloseIdleConnections()
	}
}
