package container

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/testcontainers/testcontainers-go"
	"github.com/testcontainers/testcontainers-go/wait"
)

// TestAContainerIsReadyWhenItHasStarted needs an engine that maps ports to this machine.
func TestAContainerIsReadyWhenItHasStarted(t *testing.T) {
	testcontainers.SkipIfProviderIsNotHealthy(t)
	image := os.Getenv("CRS_LOCAL_IMAGE")
	if image == "" {
		image = "crs-local:0.1.0"
	}
	crsLocal, err := testcontainers.Run(t.Context(), image,
		testcontainers.WithExposedPorts("8239/tcp"),
		testcontainers.WithWaitStrategy(wait.ForHTTP("/_crs/health").WithPort("8239/tcp")),
	)
	testcontainers.CleanupContainer(t, crsLocal)
	if err != nil {
		t.Fatal(err)
	}
	url, err := crsLocal.PortEndpoint(t.Context(), "8239/tcp", "http")
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Get(url + "/?Action=DescribeInstances&Version=2018-04-12&Region=ap-guangzhou")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || !strings.Contains(string(text), "crs-5qlrlhux") {
		t.Fatalf("it answered %s, %v", text, err)
	}
}
