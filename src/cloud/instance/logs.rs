//! What an instance has of logs.

use std::sync::Arc;

use crate::cloud::instance::record::Instance;
use crate::cloud::log::record::{AuditLog, Delivery, ExportFile, Logs};

impl Instance {
    /// Its audit log, unless that is off.
    pub fn audit(&self) -> Option<&AuditLog> {
        self.logs.as_deref()?.audit.as_ref()
    }

    /// The exports of its audit log, oldest first.
    pub fn exports(&self) -> &[ExportFile] {
        self.logs.as_deref().map_or(&[], |logs| &logs.exports)
    }

    /// Where its slow log goes.
    pub fn delivery(&self) -> Option<&Delivery> {
        self.logs.as_deref()?.delivery.as_ref()
    }

    /// Changes what it has of logs.
    pub fn change_logs(&mut self, change: impl FnOnce(&mut Logs)) {
        let mut logs = self.logs.as_deref().cloned().unwrap_or_default();
        change(&mut logs);
        self.logs = (logs != Logs::default()).then(|| Arc::new(logs));
    }
}
