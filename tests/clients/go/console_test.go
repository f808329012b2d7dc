package clients

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The code that the console's page writes for this SDK compiles and runs as it stands.
func TestTheCodeOfThePageRuns(t *testing.T) {
	s := serve(t)
	said, err := exec.Command("../common/codes", "go", s.url).Output()
	must(t, err)
	var written []struct {
		Name, Code string
		Params     map[string]any
	}
	must(t, json.Unmarshal(said, &written))
	if len(written) != 10 {
		t.Fatalf("%d calls are written", len(written))
	}
	for _, call := range written {
		file := filepath.Join(t.TempDir(), "main.go")
		must(t, os.WriteFile(file, []byte(call.Code), 0o600))
		// From here, so that the suite's own modules are found.
		out, err := exec.Command("go", "run", "-mod=readonly", file).CombinedOutput()
		if err != nil || !strings.Contains(string(out), `"RequestId"`) {
			t.Fatalf("%v\n%s\n%s", err, out, call.Code)
		}
	}
	for _, call := range written {
		params := call.Params
		if _, has := params["AccountPassword"]; has {
			params["AccountPassword"] = "***"
		}
		expected, err := json.Marshal(map[string]any{"Action": call.Name, "Params": params, "Exact": true, "Exactly": 1})
		must(t, err)
		s.control(t, "POST", "/requests/verify", string(expected))
	}
}
