//! The picture.
use crate::curve::Curve;
pub(crate) fn draw(_: &Curve) -> String { String::new() }
