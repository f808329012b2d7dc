// Package crslocal starts crs-local for a Go test. Copy it into your module.
package crslocal

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

const announcement = "crs-local listening on "

// Server is where crs-local is, and who calls it.
type Server struct {
	URL, Endpoint               string
	SecretID, SecretKey, Region string
}

// Start gives a test a server. It is the one of `crs-local run -- go test`, put back to its seed state, where that
// started the tests; else one of the test's own, which is gone when the test is: crs-local from the PATH, or the
// binary that CRS_LOCAL_BIN names, with these flags.
func Start(t testing.TB, flags ...string) *Server {
	t.Helper()
	if url := os.Getenv("CRS_LOCAL_URL"); url != "" {
		server := at(url)
		server.Control(t, "POST", "/reset", nil, nil)
		return server
	}
	binary := or("CRS_LOCAL_BIN", "crs-local")
	command := exec.Command(binary, append([]string{"--listen", "127.0.0.1:0", "--log", "warn"}, flags...)...)
	command.Stderr = os.Stderr
	said, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	// It says where it is once it is ready.
	line, _ := bufio.NewReader(said).ReadString('\n')
	url, found := strings.CutPrefix(strings.TrimSpace(line), announcement)
	if !found {
		t.Fatalf("crs-local did not start: it said %q", line)
	}
	return at(url)
}

func at(url string) *Server {
	return &Server{
		URL:       url,
		Endpoint:  strings.TrimPrefix(url, "http://"),
		SecretID:  or("TENCENTCLOUD_SECRET_ID", "AKIDlocal"),
		SecretKey: or("TENCENTCLOUD_SECRET_KEY", "local"),
		Region:    or("TENCENTCLOUD_REGION", "ap-guangzhou"),
	}
}

func or(variable, other string) string {
	if set := os.Getenv(variable); set != "" {
		return set
	}
	return other
}

// Control makes a call of the control API, as Control(t, "POST", "/clock/advance", map[string]any{"Seconds": 60}, nil).
// What it answers is read into answer, unless that is nil.
func (s *Server) Control(t testing.TB, method, path string, body, answer any) {
	t.Helper()
	if err := s.control(method, path, body, answer); err != nil {
		t.Fatal(err)
	}
}

func (s *Server) control(method, path string, body, answer any) error {
	sent := ""
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = string(text)
	}
	request, err := http.NewRequest(method, s.URL+"/_crs"+path, strings.NewReader(sent))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s /_crs%s: %s", method, path, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
