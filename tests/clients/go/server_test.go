package clients

// Starts and stops the server under test.

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	root         = "../../.."
	announcement = "crs-local listening on http://"
)

// binary is the program under test.
var binary = func() string {
	if named := os.Getenv("CRS_LOCAL_BIN"); named != "" {
		return named
	}
	return filepath.Join(root, "target/release/crs-local")
}()

// cleanEnvironment drops what would steer a server, or lead the SDK elsewhere.
func cleanEnvironment() {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		upper := strings.ToUpper(name)
		steers := strings.HasPrefix(name, "CRS_LOCAL_") || strings.HasPrefix(name, "TENCENTCLOUD_")
		if steers || upper == "HTTP_PROXY" || upper == "HTTPS_PROXY" || upper == "ALL_PROXY" {
			os.Unsetenv(name)
		}
	}
}

// log is what a server wrote; it is read while it is written.
type log struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *log) Write(p []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(p)
}

func (l *log) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

// server is one running server on a loopback port of its own choice.
type server struct {
	host, url string
}

// serve starts a server for one test; when the test ends it is stopped, by SIGTERM, and has to
// leave with 0. Flows take 0.5 s: long enough to be seen.
func serve(t *testing.T, flags ...string) *server {
	t.Helper()
	command := exec.Command(binary, append([]string{"--listen", "127.0.0.1:0", "--flow-time", "500ms"}, flags...)...)
	logged := &log{}
	command.Stderr = logged
	said, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	line, _ := bufio.NewReader(said).ReadString('\n')
	if !strings.HasPrefix(line, announcement) {
		command.Process.Kill()
		command.Wait()
		t.Fatalf("the server said %q and logged:\n%s", line, logged)
	}
	t.Cleanup(func() {
		kill := time.AfterFunc(10*time.Second, func() { command.Process.Kill() })
		command.Process.Signal(syscall.SIGTERM)
		err := command.Wait()
		kill.Stop()
		if err != nil {
			t.Errorf("the server left with %v and logged:\n%s", err, logged)
		}
	})
	host := strings.TrimSpace(strings.TrimPrefix(line, announcement))
	return &server{host: host, url: "http://" + host}
}

// serveFixture starts a server with this fixture, given as JSON.
func serveFixture(t *testing.T, fixture string, flags ...string) *server {
	t.Helper()
	return serve(t, append([]string{"--fixture", write(t, "fixture.json", fixture)}, flags...)...)
}

// serveInstances starts a server whose account has these instances, given as JSON objects.
func serveInstances(t *testing.T, instances ...string) *server {
	t.Helper()
	return serveFixture(t, fmt.Sprintf(`{"Accounts": [{"Instances": [%s]}]}`, strings.Join(instances, ",")))
}

// write makes a file that lives as long as the test.
func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	must(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// control calls the control API and answers what it said.
func (s *server) control(t *testing.T, method, place, body string) []byte {
	t.Helper()
	request, err := http.NewRequest(method, s.url+"/_crs"+place, strings.NewReader(body))
	must(t, err)
	request.Close = true
	answer, err := http.DefaultClient.Do(request)
	must(t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(t, err)
	if answer.StatusCode/100 != 2 {
		t.Fatalf("%s /_crs%s: %s %s", method, place, answer.Status, text)
	}
	return text
}

// fault has the next calls of the action, as many as `times`, get that code.
func (s *server) fault(t *testing.T, action, code string, times int) {
	t.Helper()
	rule := fmt.Sprintf(`{"Match": {"Action": %q}, "Then": {"Code": %q}, "Times": %d}`, action, code, times)
	s.control(t, "POST", "/faults", rule)
}

// fired is how many calls the fault rules have struck.
func (s *server) fired(t *testing.T) int {
	t.Helper()
	var rules struct{ Faults []struct{ Fired int } }
	must(t, json.Unmarshal(s.control(t, "GET", "/faults", ""), &rules))
	sum := 0
	for _, rule := range rules.Faults {
		sum += rule.Fired
	}
	return sum
}

// freePort is a loopback port that was free a moment ago, for flags that take no port 0.
func freePort(t *testing.T) int {
	t.Helper()
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer probe.Close()
	return probe.Addr().(*net.TCPAddr).Port
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// equal fails the test unless it got what it wants.
func equal[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Fatalf("%s: got %v, want %v", what, got, want)
	}
}
