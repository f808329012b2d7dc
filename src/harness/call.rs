//! Calls of the API, without a client.

use serde_json::Value;

use super::error::ApiError;
use super::sandbox::Sandbox;
use crate::config::default_region;
use crate::contract::{ACTIONS, VERSIONS};
use crate::http::{self, Call};

impl Sandbox {
    /// Calls an action of the API with the default account's key pair, in the default region; [`Sandbox::caller`] has
    /// others. The call goes through all that a signed call of a client does, and the answer is what stands in
    /// `Response`.
    ///
    /// # Errors
    /// The API's own: a documented code, its message and the RequestId.
    pub fn call(&self, action: &str, input: Value) -> Result<Value, ApiError> {
        self.caller().call(action, input)
    }

    /// Who calls: the first key pair of the default account, unless it says otherwise.
    #[must_use]
    pub fn caller(&self) -> Caller<'_> {
        let (secret_id, secret_key) = self.emulator.key_pair();
        Caller::new(self, secret_id, secret_key)
    }
}

/// Who calls, and for which region.
///
/// ```
/// use crs_local::{Emulator, json};
///
/// let sandbox = Emulator::builder().build()?;
/// let caller = sandbox.caller().region("ap-shanghai");
/// let listed = caller.call("DescribeInstances", json!({}))?;
/// assert!(listed["InstanceSet"].as_array().unwrap().iter().all(|one| one["Region"] == "ap-shanghai"));
///
/// let stranger = sandbox.caller().key_pair("AKIDlocal", "wrong");
/// let refused = stranger.call("DescribeInstances", json!({})).unwrap_err();
/// assert_eq!(refused.code, "AuthFailure.SignatureFailure");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Caller<'a> {
    sandbox: &'a Sandbox,
    secret_id: String,
    secret_key: String,
    token: Option<String>,
    region: String,
}

impl<'a> Caller<'a> {
    fn new(sandbox: &'a Sandbox, secret_id: String, secret_key: String) -> Self {
        Self {
            sandbox,
            secret_id,
            secret_key,
            token: None,
            region: default_region().to_owned(),
        }
    }

    /// Calls with this key pair.
    #[must_use]
    pub fn key_pair(mut self, secret_id: &str, secret_key: &str) -> Self {
        secret_id.clone_into(&mut self.secret_id);
        secret_key.clone_into(&mut self.secret_key);
        self
    }

    /// Sends this token, as a temporary key pair needs it.
    #[must_use]
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// Calls for this region.
    #[must_use]
    pub fn region(mut self, region: &str) -> Self {
        region.clone_into(&mut self.region);
        self
    }

    /// Calls an action, of whichever service has one of that name. The answer is what stands in `Response`.
    ///
    /// # Errors
    /// The API's own: a documented code, its message and the RequestId.
    ///
    /// # Panics
    /// A key pair, token, region or name that no header can carry.
    #[track_caller]
    pub fn call(&self, action: &str, input: Value) -> Result<Value, ApiError> {
        let known = ACTIONS.iter().find(|known| known.name == action);
        let (service, version) = known.map_or(VERSIONS[0], |known| (known.service, known.version));
        let call = Call {
            secret_id: &self.secret_id,
            secret_key: &self.secret_key,
            token: self.token.as_deref(),
            service,
            version,
            action,
            region: &self.region,
            body: input.to_string().into_bytes(),
        };
        let request = match http::signed(&self.sandbox.emulator, call) {
            Ok(request) => request,
            Err(message) => panic!("{message}"),
        };
        let (status, body) = self.sandbox.send(request);
        let broken = |what: String| ApiError {
            code: String::new(),
            message: what,
            request_id: String::new(),
        };
        let body = body.ok_or_else(|| broken("the answer did not come whole".to_owned()))?;
        let read = serde_json::from_slice(&body).map(|mut answer: Value| answer["Response"].take());
        let response = read.ok().filter(|response| status == 200 && response.is_object());
        let response = response.ok_or_else(|| {
            let text = String::from_utf8_lossy(&body);
            broken(format!("this is no answer of the API (status {status}): {text}"))
        })?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match response.get("Error") {
            None => Ok(response),
            Some(error) => Err(ApiError {
                code: text(&error["Code"]),
                message: text(&error["Message"]),
                request_id: text(&response["RequestId"]),
            }),
        }
    }
}
