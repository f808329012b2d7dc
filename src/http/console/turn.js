// A call of the journal turned into something to keep: a fault rule, a fixture, a test.

import { JSON_MANNER, PYTHON_MANNER, indented, literal, quoted, upperFirst } from "./code-words.js";

/**
 * A row of `GET /_crs/requests`, with the service of its action.
 * @typedef {object} Journaled
 * @property {number} Id
 * @property {string} Time
 * @property {string} RealTime
 * @property {number | null} AppId
 * @property {string | null} SecretId
 * @property {string | null} Action
 * @property {string | null} Version
 * @property {string} Service
 * @property {string | null} Region
 * @property {Record<string, unknown> | null} Params
 * @property {string[]} Unread
 * @property {string | null} Code
 * @property {string} RequestId
 * @property {number | null} FaultId
 * @property {string | null} Client
 * @property {number} Micros
 */

/** The rule that lets this call happen again: with its code, or with an error where it was none. @param {Journaled} row */
export const faultOf = (row) => ({
  Match: { Action: row.Action, ...(row.Params && Object.keys(row.Params).length > 0 ? { Params: unmasked(row.Params) } : {}) },
  Then: { Code: row.Code ?? "InternalError" },
  Times: 1,
});

/** Secrets are masked in the journal and cannot be expected. @param {Record<string, unknown>} params */
const unmasked = (params) => Object.fromEntries(Object.entries(params).filter(([, value]) => value !== "***"));

/** @param {Journaled} row */
const nameOf = (row) => (row.Action ?? "Call").replace(/([a-z])(?=[A-Z])/g, "$1_").toLowerCase() + (row.Code ? "_is_refused" : "_is_answered");

/** The package of the SDKs that knows the action's version. @param {Journaled} row */
const packageOf = (row) => `v${(row.Version ?? "2018-04-12").replaceAll("-", "")}`;

/** @param {Journaled} row */
export function pythonTest(row) {
  const call = `client.${row.Action}(request)`;
  const body = row.Code
    ? `    with pytest.raises(TencentCloudSDKException) as refused:\n        ${call}\n    assert refused.value.code == ${quoted(row.Code)}`
    : `    assert ${call}.RequestId`;
  return `import json

import pytest
from tencentcloud.common import credential
from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
from tencentcloud.common.profile.client_profile import ClientProfile
from tencentcloud.common.profile.http_profile import HttpProfile
from tencentcloud.${row.Service}.${packageOf(row)} import models, ${row.Service}_client


def test_${nameOf(row)}(crs_local):
    profile = ClientProfile(httpProfile=HttpProfile(protocol="http", endpoint=crs_local.endpoint))
    client = ${row.Service}_client.${upperFirst(row.Service)}Client(credential.Credential("AKIDlocal", "local"), ${quoted(row.Region ?? "ap-guangzhou")}, profile)
    request = models.${row.Action}Request()
    request.from_json_string(json.dumps(${indented(literal(row.Params ?? {}, PYTHON_MANNER), 4)}))
${body}
`;
}

/** @param {Journaled} row */
export function goTest(row) {
  const name = `Test${row.Action}${row.Code ? "IsRefused" : "IsAnswered"}`;
  const check = row.Code
    ? `	var refused *errors.TencentCloudSDKError
	if !stderrors.As(err, &refused) || refused.Code != ${quoted(row.Code)} {
		t.Fatalf("got %v", err)
	}`
    : `	if err != nil {
		t.Fatal(err)
	}`;
  return `package tests

import (
${row.Code ? `	stderrors "errors"\n` : ""}	"os"
	"testing"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
${row.Code ? `	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"\n` : ""}	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	${row.Service} "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/${row.Service}/${packageOf(row)}"
)

// CRS_LOCAL_ENDPOINT is set by \`crs-local run -- go test ./...\`.
func ${name}(t *testing.T) {
	settings := profile.NewClientProfile()
	settings.HttpProfile.Scheme = "HTTP"
	settings.HttpProfile.Endpoint = os.Getenv("CRS_LOCAL_ENDPOINT")
	client, err := ${row.Service}.NewClient(common.NewCredential("AKIDlocal", "local"), ${quoted(row.Region ?? "ap-guangzhou")}, settings)
	if err != nil {
		t.Fatal(err)
	}
	request := ${row.Service}.New${row.Action}Request()
	if err := request.FromJsonString(\`${JSON.stringify(row.Params ?? {}).replaceAll("`", "\\u0060")}\`); err != nil {
		t.Fatal(err)
	}
	_, err = client.${row.Action}(request)
${check}
}
`;
}

/** @param {Journaled} row */
export function rustTest(row) {
  const caller = !row.Region || row.Region === "ap-guangzhou" ? "sandbox" : `sandbox.caller().region(${quoted(row.Region)})`;
  const params = indented(literal(row.Params ?? {}, JSON_MANNER), 4);
  const call = `${caller}.call(${quoted(row.Action ?? "")}, json!(${params}))`;
  return `use crs_local::{Emulator, json};

#[test]
fn ${nameOf(row)}() {
    let sandbox = Emulator::builder().build().unwrap();
    let answer = ${call};
    ${row.Code ? `assert_eq!(answer.unwrap_err().code, ${quoted(row.Code)});` : "assert!(answer.is_ok());"}
}
`;
}

/**
 * A fixture that holds what the call was about: its account, with the instances that it names.
 * @param {Journaled} row
 * @param {any[]} instances as the state has them
 * @param {any} [fault] a rule to hold beside
 */
export function fixtureOf(row, instances, fault) {
  const account = { ...(row.AppId ? { AppId: row.AppId } : {}), Credentials: [{ SecretId: "AKIDlocal", SecretKey: "local" }], Instances: instances };
  return { Version: 2, Accounts: [account], ...(fault ? { Faults: [fault] } : {}) };
}

/** The ids that its parameters name. @param {Journaled} row */
export function instancesOf(row) {
  const found = new Set(/** @type {string[]} */ ([]));
  const walk = (/** @type {unknown} */ value) => {
    if (typeof value === "string" && /^crs-/.test(value)) found.add(value);
    else if (typeof value === "object" && value !== null) Object.values(value).forEach(walk);
  };
  walk(row.Params);
  return [...found];
}
