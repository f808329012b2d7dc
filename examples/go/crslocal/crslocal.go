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

// Account is where crs-local is, and who calls it.
type Account struct {
	URL, Endpoint string
	AppID         uint64 `json:"AppId"`
	SecretID      string `json:"SecretId"`
	SecretKey     string
	Region        string
}

// Start gives a test an account of its own, like the one that the server was started with, so tests may run in
// parallel. The server is the one of `crs-local run -- go test`, where that started the tests; else one of the test's
// own, which is gone when the test is: crs-local from the PATH, or the binary that CRS_LOCAL_BIN names, with these flags.
func Start(t testing.TB, flags ...string) *Account {
	t.Helper()
	url := os.Getenv("CRS_LOCAL_URL")
	if url == "" {
		url = serve(t, flags)
	}
	account := &Account{URL: url, Endpoint: strings.TrimPrefix(url, "http://"), Region: or("TENCENTCLOUD_REGION", "ap-guangzhou")}
	if err := call("POST", url+"/_crs/accounts", nil, account); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := call("DELETE", fmt.Sprintf("%s/_crs/accounts/%d", url, account.AppID), nil, nil); err != nil {
			t.Error(err)
		}
	})
	return account
}

// serve starts a server for as long as the test runs, and says where it is.
func serve(t testing.TB, flags []string) string {
	t.Helper()
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
	return url
}

func or(variable, other string) string {
	if set := os.Getenv(variable); set != "" {
		return set
	}
	return other
}

// Control makes a call of the control API for this account, as
// Control(t, "POST", "/clock/advance", map[string]any{"Seconds": 60}, nil). What it answers is read into answer, unless
// that is nil.
func (a *Account) Control(t testing.TB, method, path string, body, answer any) {
	t.Helper()
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	if err := call(method, fmt.Sprintf("%s/_crs%s%sAppId=%d", a.URL, path, sign, a.AppID), body, answer); err != nil {
		t.Fatal(err)
	}
}

func call(method, url string, body, answer any) error {
	sent := ""
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		sent = string(text)
	}
	request, err := http.NewRequest(method, url, strings.NewReader(sent))
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
		return fmt.Errorf("%s %s: %s", method, url, text)
	}
	if answer == nil {
		return nil
	}
	return json.Unmarshal(text, answer)
}
