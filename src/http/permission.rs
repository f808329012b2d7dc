//! CAM policies.
